import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { fastLane } from "../../scripts/parts-for-tests.ts";
import { resultSchema } from "../../src/record/result.ts";
import { createProgress } from "../../src/run/progress.ts";
import type { Run } from "../../src/run/run.ts";
import { undoLastFirst } from "../../src/run/undos.ts";
import { prepareServers, REAL_SERVERS, type ServerFacts } from "../servers/all.ts";

const LB_IDLE_MS = 60_000;
/** The probe gives up on a connection a second after the LB would. */
const WATCHED_MS = LB_IDLE_MS + 1000;

/**
 * Ten probes start at the same time on two cores: an answer may be read late, and so may a close. Far below the second
 * that Node hides, and by which whole-second timers are off.
 */
const LATE_MS = 250;

// At once: the LB's 60 s are waited for only once.
describe("npm run probe at a real server", {
  skip: fastLane,
  concurrency: REAL_SERVERS.length,
  timeout: 300_000,
}, () => {
  const undos: (() => Promise<void> | void)[] = [];
  const urls = new Map<ServerFacts, string>();

  before(async () => {
    const run = await startRun(undos);
    const tools = await prepareServers(run);
    await Promise.all(REAL_SERVERS.map(async (facts) => urls.set(facts, (await facts.start(run, tools)).url)));
  });
  after(() => undoLastFirst(undos));

  for (const facts of REAL_SERVERS) {
    it(`finds of ${facts.name} behind an ALB: ${facts.kind}.`, async () => {
      const { code, result } = await probe(urls.get(facts)!);
      const { kind, idleCloseMs, connections, software } = result.probe;
      assert.equal(kind, facts.kind, result.reasons.join(" "));
      assert.equal(connections, 10);
      assertWithin(idleCloseMs, facts.closesWithin);
      const named = facts.software === null ? software === null : software?.includes(facts.software);
      assert.ok(named, `${software} instead of ${facts.software}`);
      const safe = kind === "outlives" || kind === "announces-close";
      assert.deepEqual({ code, verdict: result.verdict }, safe ? SAFE : VULNERABLE);
    });
  }
});

const SAFE = { code: 0, verdict: "safe" };
const VULNERABLE = { code: 1, verdict: "vulnerable" };

function assertWithin(idleCloseMs: number | null, expected: ServerFacts["closesWithin"]): void {
  const [fromMs, toMs] = expected ?? [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const right =
    idleCloseMs === null ? fromMs > WATCHED_MS : idleCloseMs > fromMs - LATE_MS && idleCloseMs < toMs + LATE_MS;
  assert.ok(right, `closed after ${idleCloseMs} ms, expected ${fromMs} to ${toMs}`);
}

/** The command as a user gives it, but for npm. */
async function probe(url: string) {
  const command = join(import.meta.dirname, "../../scripts/run.mjs");
  const child = spawn(process.execPath, [command, "probe", url, "--json"], { stdio: ["ignore", "pipe", "pipe"] });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  assert.notEqual(stdout, "", stderr);
  return { code: code as number | null, result: resultSchema.parse(JSON.parse(stdout)) };
}

/** What the servers need of a command's run, for as long as the tests last. */
async function startRun(undos: (() => Promise<void> | void)[]): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), "alb502-test-"));
  const abort = new AbortController();
  undos.push(() => rm(folder, { recursive: true, force: true }));
  undos.push(() => abort.abort());
  return {
    signal: abort.signal,
    progress: createProgress(process.stderr),
    folder,
    defer: (undo) => void undos.push(undo),
  };
}
