import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { parseDurationMs, parseWholeNumber } from "../src/cli/values.ts";
import { againstLb } from "../src/probe/against-lb.ts";
import { type IdleConnection, watchIdleConnection } from "../src/probe/idle-connection.ts";
import { getRequest } from "../src/probe/request-bytes.ts";
import { type ProbeSummary, summarise } from "../src/probe/summarise.ts";
import type { AgainstLb } from "../src/record/against-lb.ts";
import { REAL_SERVERS } from "../test/servers/all.ts";
import type { RealServer } from "../test/servers/server.ts";
import type { ServerFacts } from "../test/servers/server-facts.ts";
import { startServers } from "../test/servers/start-servers.ts";
import { MissingTool } from "../test/servers/tools.ts";
import { bench, type Finding } from "./program.ts";
import { LB_IDLE_MS, RTT_MS } from "./scene.ts";

/** The real servers of the tests, all at once; most of the time is spent waiting for those that never close. */
export const targets = bench({
  name: "targets",
  question: "when do real servers close idle connections, and what do they document?",
  optionsHelp: `  --max-wait TIME  how long idle connections are watched (default 160s; Go's are never closed)
  --connections N  idle connections per server (default 10)`,
  options: {
    "max-wait": { type: "string", default: "160s" },
    connections: { type: "string", default: "10" },
  },
  async measure(run, values) {
    const maxWaitMs = parseDurationMs("--max-wait", values["max-wait"], {
      minMs: 1000,
      maxMs: 600_000,
      example: "160s",
    });
    const connections = parseWholeNumber("--connections", values.connections, { min: 10, max: 200 });
    const servers: ({ facts: ServerFacts } & RealServer)[] = [];
    const leftOut: string[] = [];
    for (const [facts, server] of await startServers(run, REAL_SERVERS)) {
      if (server instanceof MissingTool) leftOut.push(`${facts.name} is left out: ${server.message}.`);
      else servers.push({ facts, ...server });
    }
    run.progress.line(
      `${servers.length} servers answer; ${connections} connections to each are idle for ${values["max-wait"]} at most`,
    );
    let waiting = servers.length;
    const seen = await Promise.all(
      servers.map(async ({ facts, version, url }) => {
        const summary = summarise(await watchApart(new URL(url), { connections, maxWaitMs, signal: run.signal }));
        const one = { facts, version, summary, kind: againstLb(summary, LB_IDLE_MS, RTT_MS) };
        waiting -= 1;
        run.progress.line(`${facts.name}: ${measuredClose(one)}${waiting > 0 ? `; ${waiting} are still watched` : ""}`);
        return one;
      }),
    );
    return compare(seen, leftOut, maxWaitMs);
  },
});

/**
 * Opens the connections over more than a second: a timer of whole seconds closes each of them earlier or later, depending
 * on where in its second it became idle, and that is part of the result.
 */
async function watchApart(
  url: URL,
  { connections, maxWaitMs, signal }: { connections: number; maxWaitMs: number; signal: AbortSignal },
): Promise<IdleConnection[]> {
  // Not AbortSignal.timeout(): as a source of any() alone it is collected, and then never fires (nodejs/node#57736).
  const enough = new AbortController();
  const timer = setTimeout(() => enough.abort(), APART_MS + maxWaitMs);
  const end = AbortSignal.any([signal, enough.signal]);
  setMaxListeners(connections, end);
  try {
    const watching: Promise<IdleConnection | null>[] = [];
    while (watching.length < connections) {
      watching.push(watchIdleConnection(url, { signal: end, request: getRequest(url) }));
      await sleep(APART_MS / connections, undefined, { signal });
    }
    return (await Promise.all(watching)).filter((one) => one !== null);
  } finally {
    clearTimeout(timer);
  }
}

const APART_MS = 1100;

interface Seen {
  facts: ServerFacts;
  version: string;
  summary: ProbeSummary;
  kind: AgainstLb;
}

function compare(seen: readonly Seen[], leftOut: readonly string[], maxWaitMs: number): Finding {
  const doubts = seen.flatMap((one) => doubtAbout(one, maxWaitMs));
  return {
    tables: [
      [
        ["server", "version", "documented", "measured idle close", `LB at ${LB_IDLE_MS / 1000} s`],
        ...seen.map((one) => [one.facts.name, one.version, one.facts.documented, measuredClose(one), one.kind]),
      ],
    ],
    says: ["Median and range over the connections.", ...leftOut, ...doubts],
    held: doubts.length === 0,
    data: {
      servers: seen.map(({ facts: { name, documented, source, kind: expected }, version, kind, summary }) => ({
        ...{ name, version, documented, source, expected, kind },
        ...summary,
      })),
    },
  };
}

/** "2.001 s (2.000-2.003)", "at once, announced" or "open after 160 s". */
function measuredClose({ kind, summary }: Seen): string {
  const { idleCloseMs, minMs, maxMs, watchedMs } = summary;
  if (kind === "announces-close") return "at once, announced";
  if (idleCloseMs === null || minMs === null || maxMs === null) return `open after ${(watchedMs / 1000).toFixed(0)} s`;
  if (kind === "closes-at-once") return `at once (${maxMs.toFixed(1)} ms at most), not announced`;
  const seconds = (ms: number) => (ms / 1000).toFixed(3);
  return `${seconds(idleCloseMs)} s (${seconds(minMs)}-${seconds(maxMs)})`;
}

/** Whether it is what was documented and measured before, as sentences. */
function doubtAbout(
  { facts: { name, kind: expected, closesWithin }, kind, summary }: Seen,
  maxWaitMs: number,
): string[] {
  const { idleCloseMs } = summary;
  const doubts = kind === expected ? [] : [`${name}: ${expected} was expected.`];
  const [fromMs, toMs] = closesWithin ?? [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const within =
    idleCloseMs === null ? toMs + LATE_MS > maxWaitMs : idleCloseMs > fromMs - LATE_MS && idleCloseMs < toMs + LATE_MS;
  return within ? doubts : [...doubts, `${name}: an idle close at ${fromMs} to ${toMs} ms was expected.`];
}

/** What this machine's own delays may add or, where they delay an answer's arrival, take away. */
const LATE_MS = 200;
