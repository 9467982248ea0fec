import assert from "node:assert/strict";
import { test } from "node:test";
import { causeOf } from "../../../src/command/up/cause.ts";
import type { Fate } from "../../../src/evidence/fate.ts";

const carrier = { connection: "40001", closedBy: "target", idleMs: 5997.2 } as const;
const FATES: [Fate, kind: string, text: string][] = [
  [
    { kind: "race", ...carrier },
    "race",
    "keep-alive race: the connection had been idle for 5.997 s, and the app closed it as the request arrived",
  ],
  [{ kind: "closed", ...carrier }, "closed", "the app closed the connection after working on it for 0.120 s"],
  [
    { kind: "unconnected", ...carrier, idleMs: null },
    "down",
    "the app closed a new connection without an answer: is it running?",
  ],
  [{ kind: "silent" }, "slow", "the app was silent for the LB's idle timeout"],
  [{ kind: "answered" }, "app-error", "the app's own answer"],
  [
    { kind: "expired", ...carrier, closedBy: "lb" },
    "unknown",
    "the LB's own idle timer closed the connection, which would cost an ALB nothing",
  ],
  [{ kind: "unknown", connection: null, closedBy: "unknown", idleMs: null }, "unknown", "the logs do not tell why"],
  [{ kind: "refused" }, "unknown", "the LB answered by itself, without asking the app"],
  [{ kind: "left" }, "unknown", "the client left before the answer"],
];

for (const [fate, kind, text] of FATES) {
  test(`A request whose fate is "${fate.kind}" is told as ${kind}: ${text}.`, () => {
    assert.deepEqual(causeOf({ totalMs: 120 }, fate), { kind, text });
  });
}
