import assert from "node:assert/strict";
import { it, test } from "node:test";
import { startApp } from "../command/check/target.ts";
import { needs } from "../needs.ts";
import { endedCleanly, oneLine } from "../nothing-left.ts";
import { type RunningCommand, startCommand } from "../start-command.ts";
import { FAILS_ON_SIGUSR2, noFullDisk, TO_A_FULL_DISK } from "./fail.ts";

const { describe } = await needs("haproxy", "k6", "toxiproxy");

const moments: [moment: string, come: (demo: RunningCommand) => Promise<void>][] = [
  ["the start of HAProxy", (demo) => demo.file("after/pool.sock")],
  ["the idle wait", (demo) => demo.printed(/^probing /m)],
  ["the second idle wait, just after firing", (demo) => demo.printed(/^round 1 of 2: /m)],
];

describe("A run stops what it started before it ends with 2", { concurrency: 4 }, () => {
  for (const [moment, come] of moments.toReversed()) {
    it(`when an error of its own code comes during ${moment}, whose stack is printed.`, async (t) => {
      const demo = await startCommand(t, "demo", ["--nodes", "2", "--rounds", "2"], { env: FAILS_ON_SIGUSR2 });
      await come(demo);
      process.kill(demo.pid, "SIGUSR2");
      const failedMs = performance.now();
      const { code, stderr, atMs } = await endedCleanly(demo);
      assert.equal(code, 2);
      assert.match(stderr, /Error: on purpose\n +at /);
      assert.ok(atMs - failedMs < 5000, `${atMs - failedMs} ms`);
    });
  }

  it("when standard output cannot be written, with one line.", { skip: noFullDisk }, async (t) => {
    const ended = await endedCleanly(
      await startCommand(t, "demo", ["--nodes", "2", "--rounds", "2"], { wrap: TO_A_FULL_DISK }),
    );
    assert.equal(ended.code, 2);
    assert.match(oneLine(ended), /^alb502: the output could not be written \(ENOSPC\): make room for it$/);
  });

  it("when the result cannot be written at its end.", { skip: noFullDisk }, async (t) => {
    const { url } = await startApp(t, 65_000);
    const args = [url, "--lb-idle", "1s", "--json"];
    const ended = await endedCleanly(await startCommand(t, "check", args, { wrap: TO_A_FULL_DISK }));
    assert.equal(ended.code, 2, ended.stderr);
    assert.match(ended.stderr, /^alb502: the output could not be written \(ENOSPC\): make room for it$/m);
  });
});

test("A command without a run, whose output cannot be written, says so: exit 2.", { skip: noFullDisk }, async (t) => {
  const ended = await endedCleanly(await startCommand(t, "check", ["--help"], { wrap: TO_A_FULL_DISK }));
  assert.equal(ended.code, 2);
  assert.match(oneLine(ended), /^alb502: the output could not be written \(ENOSPC\)/);
});
