import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { fastLane } from "../../../scripts/parts-for-tests.ts";
import { resultSchema } from "../../../src/record/result.ts";
import { needs } from "../../needs.ts";
import { endedCleanly } from "../../nothing-left.ts";
import { AT_61_S, TOMCAT_AT_60_S } from "../../servers/all.ts";
import { type SuiteServers, startForSuite } from "../../servers/start-servers.ts";
import { startCommand } from "../../start-command.ts";

const { describe } = await needs("haproxy", "k6", "toxiproxy");

const cases = [
  [TOMCAT_AT_60_S, 1, "vulnerable"],
  [AT_61_S, 0, "clean"],
] as const;

// At once: the LB's 60 s are waited for only once.
describe("npm run check behind an ALB's 60 s", { skip: fastLane, concurrency: 2, timeout: 300_000 }, () => {
  let servers: SuiteServers;
  before(async () => {
    servers = await startForSuite(cases.map(([facts]) => facts));
  });
  after(() => servers.end());

  for (const [facts, exit, verdict] of cases) {
    it(`finds ${facts.name} ${verdict}.`, async (t) => {
      const server = servers.serverOrSkip(t, facts);
      if (server === null) return;
      const { code, stdout, stderr } = await endedCleanly(await startCommand(t, "check", [server.url, "--json"]));
      const result = resultSchema.parse(JSON.parse(stdout || assert.fail(stderr)));
      assert.deepEqual([code, result.verdict, result.probe.kind], [exit, verdict, facts.kind], stderr);
    });
  }
});
