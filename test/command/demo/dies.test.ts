import assert from "node:assert/strict";
import { it } from "node:test";
import { needs } from "../../needs.ts";
import { endedCleanly, oneLine } from "../../nothing-left.ts";
import { type RunningCommand, startCommand } from "../../start-command.ts";

const { describe } = await needs("haproxy", "k6", "toxiproxy");

const short = ["--nodes", "2", "--rounds", "1"];

const parts: [part: string, command: RegExp, line: RegExp][] = [
  ["the target app", /target-app\.cjs/, /^alb502: the target app exited unexpectedly \(SIGKILL\): /],
  ["HAProxy", /haproxy\.cfg/, /^alb502: HAProxy exited unexpectedly \(SIGKILL\): /],
  ["Toxiproxy", /toxiproxy/, /^alb502: Toxiproxy exited unexpectedly \(SIGKILL\): /],
  ["k6", /aimed\.js/, /^alb502: k6 failed \(SIGKILL\): /],
];

describe("A part that dies half-way ends the demo with 3 and a line that names it, and nothing is left", {
  concurrency: 4,
}, () => {
  for (const [part, command, line] of parts) {
    it(part, async (t) => {
      const demo = await startCommand(t, "demo", short);
      await demo.printed(/^probing /m);
      const killedMs = performance.now();
      await kill(demo, command);

      const ended = await endedCleanly(demo);
      assert.equal(ended.code, 3);
      assert.match(oneLine(ended), line);
      assert.ok(ended.atMs - killedMs < 5000, `${ended.atMs - killedMs} ms`);
      assert.doesNotMatch(ended.stdout, /^run +attempts/m, "no table, as there is no result");
    });
  }

  it("a target that has died while its network was measured.", async (t) => {
    const demo = await startCommand(t, "demo", short);
    await demo.printed(/^before: /m);
    await kill(demo, /target-app\.cjs/);
    const ended = await endedCleanly(demo);
    assert.equal(ended.code, 3);
    assert.match(oneLine(ended), /^alb502: (127\.0\.0\.1:\d+ did not answer|the target app exited unexpectedly)/);
  });
});

describe("Where there is nothing to aim at", () => {
  it("an LB that closes before the target ends the demo with 3 soon after the LB's own timeout.", async (t) => {
    const demo = await startCommand(t, "demo", [...short, "--lb-idle", "1s"]);
    await demo.printed(/^probing /m);
    const begunMs = performance.now();
    const ended = await endedCleanly(demo);
    assert.equal(ended.code, 3);
    assert.match(
      oneLine(ended),
      /^alb502: nothing to aim at: the LB closes idle connections first; raise --lb-idle\. The target .* after 2\.002 s/,
    );
    assert.ok(ended.atMs - begunMs < 5000, `${ended.atMs - begunMs} ms`);
  });
});

/** Kills the first of the demo's processes whose command line has `command` in it: of the two stages, either may be. */
async function kill(demo: RunningCommand, command: RegExp): Promise<void> {
  const found = (await demo.living()).find((one) => one.pid !== demo.pid && command.test(one.command));
  assert.ok(found, `no process like ${command}`);
  process.kill(found.pid, "SIGKILL");
}
