// npm test: early, since its checks in containers come one after the other
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { resultSchema } from "../../src/record/result.ts";
import { startApp } from "../command/check/target.ts";
import { portPair } from "../nothing-left.ts";
import { dockerOrSkip } from "./engine.ts";
import { startInDocker } from "./start-in-docker.ts";

const skip = await dockerOrSkip();

// The app listens on this machine's loopback only, as most do while they are developed.
describe("An app on this machine, behind an LB in containers", { skip }, () => {
  it("is found to lose requests when it is not fixed: exit 1.", async (t) => {
    const { url } = await startApp(t, 1000);
    const check = await startInDocker(t, [url, "--json"], { command: "check" });
    const { code, stdout, stderr } = await check.endedCleanly();
    const result = resultSchema.parse(JSON.parse(stdout));
    assert.deepEqual([code, result.verdict, result.probe.kind], [1, "lost", "vulnerable"], stderr);
    // As natively: five are no chance (see MIN_IN_WINDOW).
    assert.ok(result.runs[0]!.lostInWindow >= 5, `${result.runs[0]!.lostInWindow}`);
    assert.equal(result.settings.runtime, "docker");
  });

  it("is found clean when it is fixed: exit 0, every request answered on the idle connection.", async (t) => {
    const { url } = await startApp(t, 65_000);
    const check = await startInDocker(t, [url, "--lb-idle", "5s", "--json"], { command: "check" });
    const { code, stdout, stderr } = await check.endedCleanly();
    const result = resultSchema.parse(JSON.parse(stdout));
    assert.deepEqual([code, result.verdict, result.probe.kind], [0, "clean", "outlives"], stderr);
    const [run] = result.runs;
    assert.deepEqual([run!.attempts, run!.own, run!.lost], [7, 7, 0]);
  });

  it("is reached through up's LB under its own Host, until Ctrl-C: exit 130, and nothing is left.", async (t) => {
    const { url } = await startApp(t, 65_000);
    const port = await portPair();
    const up = await startInDocker(t, [url, "--port", `${port}`], { command: "up" });
    await up.printed(/Ctrl-C ends it/);
    const response = await fetch(`http://127.0.0.1:${port}/`);
    assert.deepEqual([response.status, await response.text()], [200, `${new URL(url).host}\n`]);
    process.kill(up.pid, "SIGINT");
    const { code, stdout } = await up.endedCleanly();
    assert.equal(code, 130);
    assert.match(stdout, /^1 requests, 0 lost to the keep-alive race$/m);
  });
});
