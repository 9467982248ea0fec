import assert from "node:assert/strict";
import { test } from "node:test";
import { type ClosePattern, closesBy } from "../../src/probe/closes-by.ts";
import type { IdleConnection } from "../../src/probe/idle-connection.ts";

interface Life {
  openedAtMs: number;
  usedAtMs: number;
  /** null = still open at the end of the watch. */
  closedAtMs: number | null;
}

const WATCHED_UNTIL_MS = 71_000;

const connection = ({ openedAtMs, usedAtMs, closedAtMs }: Life): IdleConnection => ({
  ...{ status: 200, claimedMs: null, announcedClose: false, httpVersion: "1.1", server: null, poweredBy: null },
  ...{ unaskedStatus: null, requests: openedAtMs === usedAtMs ? 1 : 2, openedAtMs },
  endedBy: closedAtMs === null ? null : "FIN",
  endedAtMs: closedAtMs ?? WATCHED_UNTIL_MS,
  idleMs: (closedAtMs ?? WATCHED_UNTIL_MS) - usedAtMs,
});

/** As a probe opens them: ten, 618 ms apart, every third used once more 3 s later. */
function ten(closedAt: (life: Omit<Life, "closedAtMs">, index: number) => number | null): IdleConnection[] {
  return Array.from({ length: 10 }, (_, i) => {
    const openedAtMs = i * 618;
    const life = { openedAtMs, usedAtMs: openedAtMs };
    const first = closedAt(life, i);
    // It was closed before it could be used again.
    if (i % 3 !== 2 || (first !== null && first < openedAtMs + 3000)) return connection({ ...life, closedAtMs: first });
    const again = { openedAtMs, usedAtMs: openedAtMs + 3000 };
    return connection({ ...again, closedAtMs: closedAt(again, i) });
  });
}

const busy = (closedAtMs: number | null): IdleConnection =>
  connection({ openedAtMs: 5700, usedAtMs: (closedAtMs ?? WATCHED_UNTIL_MS) - 300, closedAtMs });

/** The first look after `ms`. */
const nextLook = (ms: number, stepMs: number) => Math.ceil(ms / stepMs) * stepMs;
const scattered = (i: number) => ((i * 0.381966) % 1) * 40_000;

const cases: [says: string, IdleConnection[], IdleConnection | null, ClosePattern | null][] = [
  [
    "An exact idle timeout is one, though some connections are older than others.",
    ten(({ usedAtMs }, i) => usedAtMs + 6000 + (i % 3)),
    busy(null),
    { by: "idle", stepMs: 0 },
  ],
  [
    "A clock of whole seconds is one within its second.",
    ten(({ usedAtMs }) => nextLook(usedAtMs + 60_000, 1000)),
    busy(null),
    { by: "idle", stepMs: 0 },
  ],
  [
    "A clock of 4 s shows by its ticks.",
    ten(({ usedAtMs }) => nextLook(usedAtMs + 8000, 4000)),
    busy(null),
    { by: "ticks", stepMs: 4000 },
  ],
  [
    "All on one tick may be the coarsest of clocks, where a connection in use was left alone.",
    ten(() => 28_000),
    busy(null),
    { by: "ticks", stepMs: 30_000 },
  ],
  [
    "All in one instant, the one in use as well, is a restart.",
    ten(() => 28_000),
    busy(28_004),
    { by: "instant", stepMs: 0 },
  ],
  ["Without a connection in use a restart is not ruled out.", ten(() => 28_000), null, { by: "instant", stepMs: 0 }],
  [
    "A restart in the middle of the opening ends those that are open by then.",
    ten(({ openedAtMs }) => (openedAtMs < 4000 ? 4000 : null)),
    busy(null),
    { by: "instant", stepMs: 0 },
  ],
  [
    "So it does where only one was open.",
    ten(({ openedAtMs }) => (openedAtMs < 300 ? 400 : null)),
    busy(null),
    { by: "instant", stepMs: 0 },
  ],
  [
    "A very short idle timeout, at which only one is ever open, is none.",
    ten(({ usedAtMs }, i) => usedAtMs + 300 + (i % 3)),
    null,
    { by: "idle", stepMs: 0 },
  ],
  [
    "One of several that is closed early is no restart: the others were left alone.",
    ten(({ openedAtMs }, i) => (i === 3 ? openedAtMs + 900 : null)),
    busy(null),
    { by: "idle", stepMs: 0 },
  ],
  [
    "A limit on age ends connections however recently they were used.",
    ten(({ openedAtMs }) => openedAtMs + 30_000),
    busy(35_700),
    { by: "age", stepMs: 0 },
  ],
  [
    "Chance is none of these.",
    ten(({ usedAtMs }, i) => usedAtMs + 5000 + scattered(i)),
    busy(null),
    {
      by: "chance",
      stepMs: 0,
    },
  ],
  ["Where nothing was closed there is nothing to tell.", ten(() => null), busy(null), null],
];

for (const [says, seen, inUse, expected] of cases) {
  test(says, () => assert.deepEqual(closesBy(seen, inUse), expected));
}

test("A hundred that end one by one by their age end in no instant.", () => {
  const seen = Array.from({ length: 100 }, (_, i) => {
    const openedAtMs = i * 56;
    const usedAtMs = i % 3 === 2 ? openedAtMs + 3000 : openedAtMs;
    return connection({ openedAtMs, usedAtMs, closedAtMs: openedAtMs + 30_000 });
  });
  assert.deepEqual(closesBy(seen, busy(35_700)), { by: "age", stepMs: 0 });
});

test("Connections that were begun together and closed together show no restart.", () => {
  const seen = Array.from({ length: 7 }, (_, i) =>
    connection({ openedAtMs: i * 25, usedAtMs: i * 25, closedAtMs: 6000 + i * 25 }),
  );
  assert.deepEqual(closesBy(seen, null), { by: "idle", stepMs: 0 });
});
