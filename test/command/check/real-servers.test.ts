// npm test: early, since it checks two dozen servers, some of which take their time to close
import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { fastLane } from "../../../scripts/parts-for-tests.ts";
import { type Result, type ResultRun, resultSchema } from "../../../src/record/result.ts";
import { needs } from "../../needs.ts";
import { endedCleanly } from "../../nothing-left.ts";
import { VULNERABLE_SERVERS } from "../../servers/all.ts";
import { type SuiteServers, startForSuite } from "../../servers/start-servers.ts";
import { startCommand } from "../../start-command.ts";

const { describe } = await needs("haproxy", "k6", "toxiproxy");

/** Each check is a stage of seven processes, most of whose time is spent waiting: two at a time, as other files run beside this one. */
const AT_ONCE = 2;

// The clocks behind these servers tick in ms, once a second, or every 4, 10 or 30 s; nothing here knows which does what.
describe("npm run check at a real server", { skip: fastLane, concurrency: AT_ONCE, timeout: 600_000 }, () => {
  let servers: SuiteServers;
  before(async () => {
    servers = await startForSuite(VULNERABLE_SERVERS);
  });
  after(() => servers.end());

  for (const facts of VULNERABLE_SERVERS) {
    it(`finds that ${facts.name} loses every request that meets its close.`, async (t) => {
      const server = servers.serverOrSkip(t, facts);
      if (server === null) return;
      const { code, stdout, stderr } = await endedCleanly(await startCommand(t, "check", [server.url, "--json"]));
      assert.notEqual(stdout, "", stderr);
      const result: Result = resultSchema.parse(JSON.parse(stdout));
      const run = result.runs[0] as ResultRun;
      t.diagnostic(`${run.lostInWindow} of ${run.inWindow} lost, of ${run.attempts}; held ${run.heldMs?.median} ms`);
      assert.deepEqual({ code, verdict: result.verdict }, { code: 1, verdict: "lost" }, stderr);
      assert.ok(run.inWindow >= 5 && run.lostInWindow === run.inWindow, `${run.lostInWindow} of ${run.inWindow}`);
    });
  }
});
