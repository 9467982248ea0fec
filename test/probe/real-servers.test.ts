// npm test: early, since it watches connections that stay open
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { fastLane } from "../../scripts/parts-for-tests.ts";
import { probeTarget } from "../../src/probe/probe-target.ts";
import { getRequest } from "../../src/probe/request-bytes.ts";
import { resultSchema } from "../../src/record/result.ts";
import { programOf } from "../program.ts";
import { OF_EACH_KIND } from "../servers/all.ts";
import type { ServerFacts } from "../servers/server-facts.ts";
import { SHORT_TIMEOUTS } from "../servers/short-timeouts.ts";
import { type SuiteServers, startForSuite } from "../servers/start-servers.ts";

const LB_IDLE_MS = 60_000;
/** The probe gives up on a connection some seconds after the LB would: later for those that it opened first. */
const WATCHED_MS = LB_IDLE_MS + 11_000;

/**
 * Many probes start at the same time on two cores: an answer may be read late, and so may a close. Far below the second
 * that Node hides, and by which whole-second timers are off.
 */
const LATE_MS = 250;

// At once: the LB's 60 s are waited for only once.
describe("npm run probe at a real server", {
  skip: fastLane,
  concurrency: OF_EACH_KIND.length,
  timeout: 300_000,
}, () => {
  let servers: SuiteServers;
  before(async () => {
    servers = await startForSuite(OF_EACH_KIND);
  });
  after(() => servers.end());

  for (const facts of OF_EACH_KIND) {
    it(`finds of ${facts.name} behind an ALB: ${facts.kind}.`, async (t) => {
      const server = servers.serverOrSkip(t, facts);
      if (server === null) return;
      const { code, result } = await probe(server.url);
      const { kind, connections } = result.probe;
      assert.equal(kind, facts.kind, result.reasons.join(" "));
      assert.equal(connections, 10);
      assertAsDocumented(result.probe, facts);
      const safe = kind === "outlives" || kind === "announces-close";
      assert.deepEqual({ code, verdict: result.verdict }, safe ? SAFE : VULNERABLE);
    });
  }
});

const SAFE = { code: 0, verdict: "safe" };
const VULNERABLE = { code: 1, verdict: "vulnerable" };

// In one process: as many commands starting at once would be busier than the servers' own timers are exact.
describe("A probe of a server with a short timeout", {
  skip: fastLane,
  concurrency: SHORT_TIMEOUTS.length,
  timeout: 300_000,
}, () => {
  let servers: SuiteServers;
  before(async () => {
    servers = await startForSuite(SHORT_TIMEOUTS);
  });
  after(() => servers.end());

  for (const facts of SHORT_TIMEOUTS) {
    it(`finds of ${facts.name} behind an ALB: ${facts.kind}.`, async (t) => {
      const server = servers.serverOrSkip(t, facts);
      if (server === null) return;
      const url = new URL(server.url);
      const asked = { url, request: getRequest(url), lbIdleMs: LB_IDLE_MS, rttMs: 2, signal: t.signal };
      const { kind, summary, software, alive } = await probeTarget(asked);
      assert.deepEqual(
        { kind, alive, closed: summary.closed },
        { kind: facts.kind, alive: true, closed: summary.connections },
      );
      assert.ok(
        facts.keepsFewer ? summary.connections >= 5 : summary.connections === 10,
        `${summary.connections} kept`,
      );
      assertAsDocumented({ ...summary, software: software?.title ?? null }, facts);
    });
  }
});

function assertAsDocumented(
  seen: { idleCloseMs: number | null; software?: string | null | undefined },
  { closesWithin, software }: ServerFacts,
): void {
  assertWithin(seen.idleCloseMs, closesWithin);
  const named = software === null ? seen.software === null : seen.software?.includes(software);
  assert.ok(named, `${seen.software} instead of ${software}`);
}

function assertWithin(idleCloseMs: number | null, expected: ServerFacts["closesWithin"]): void {
  const [fromMs, toMs] = expected ?? [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const right =
    idleCloseMs === null ? fromMs > WATCHED_MS : idleCloseMs > fromMs - LATE_MS && idleCloseMs < toMs + LATE_MS;
  assert.ok(right, `closed after ${idleCloseMs} ms, expected ${fromMs} to ${toMs}`);
}

/** The command as a user gives it, but for npm. */
async function probe(url: string) {
  const line = [programOf("probe"), "probe", url, "--json"];
  const child = spawn(process.execPath, line, { stdio: ["ignore", "pipe", "pipe"] });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  assert.notEqual(stdout, "", stderr);
  return { code: code as number | null, result: resultSchema.parse(JSON.parse(stdout)) };
}
