// npm test: early, since its checks come one after the other
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { it, type TestContext } from "node:test";
import { gunzipSync } from "node:zlib";
import { type Result, type ResultRun, resultSchema } from "../../../src/record/result.ts";
import { freePorts } from "../../../src/stage/ports.ts";
import { needs } from "../../needs.ts";
import { endedCleanly, oneLine } from "../../nothing-left.ts";
import { scratchFolder } from "../../parts/scratch.ts";
import { startCommand } from "../../start-command.ts";
import { startApp } from "./target.ts";

const { describe } = await needs("haproxy", "k6", "toxiproxy");
const startCheck = (t: TestContext, args: readonly string[]) => startCommand(t, "check", args);

/** The command with --out and --json: its result, which both have to hold, and all that it wrote. */
async function check(t: TestContext, args: readonly string[]) {
  const out = join(await scratchFolder(t), "out");
  const ended = await endedCleanly(await startCheck(t, [...args, "--out", out, "--json"]));
  const kept = await readFile(join(out, "result.json"), "utf8").catch(() => assert.fail(ended.stdout + ended.stderr));
  assert.equal(ended.stdout, kept);
  const files = await readdir(out);
  const texts = await textsIn(out);
  const result: Result = resultSchema.parse(JSON.parse(kept));
  return {
    code: ended.code,
    stderr: ended.stderr,
    result,
    run: result.runs[0] as ResultRun,
    files,
    everything: [ended.stdout, ended.stderr, ...texts].join("\n"),
  };
}

/** What every file holds, those in folders and compressed ones too. */
async function textsIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = async (path: string) => {
    const bytes = await readFile(path);
    return (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("latin1");
  };
  return Promise.all(paths.map(read));
}

// One after the other: each aims at the ms.
describe("npm run check", () => {
  it("finds that an unfixed app loses requests: exit 1, with the numbers and the fix.", async (t) => {
    const { url } = await startApp(t, 1000);
    const { code, result, run, stderr, files } = await check(t, [url]);
    assert.deepEqual([code, result.verdict, result.probe.kind], [1, "lost", "vulnerable"], stderr);
    assert.deepEqual([run.attempts, run.aim], [7, "close"]);
    // Each met its own connection's close; on a busy machine one may wait too long (50 ms), but none is answered.
    assert.ok(run.inWindow >= 5 && run.lostInWindow === run.inWindow, `${run.lostInWindow} of ${run.inWindow}`);
    assert.match(result.advice!.headline, /keepAliveTimeout 65000/);
    assert.match(stderr, /^LOST\. .* closes idle connections at 2\.0\d s, the LB keeps them 60 s: /m);
    assert.deepEqual(files.sort(), [
      ".alb502",
      "alb-access-log",
      "badge.json",
      "check-haproxy.log",
      "check-k6.log",
      "check-toxiproxy.log",
      "cloudwatch.md",
      ...(run.evidence!.capture ? ["evidence.pcapng"] : []),
      "junit.xml",
      "picture.svg",
      "report.html",
      "result.json",
      "summary.md",
    ]);
  });

  it("finds the same with --expect lost as expected: exit 0.", async (t) => {
    const { url } = await startApp(t, 1000);
    const { code, result } = await check(t, [url, "--expect", "lost"]);
    assert.deepEqual([code, result.verdict], [0, "lost"], result.reasons.join(" "));
  });

  it("finds a fixed app clean: exit 0, every request answered on the connection that had been idle until the LB's last moment.", async (t) => {
    const { url } = await startApp(t, 65_000);
    const { code, result, run, stderr } = await check(t, [url, "--lb-idle", "3s"]);
    assert.deepEqual([code, result.verdict, result.probe.kind], [0, "clean", "outlives"], stderr);
    assert.deepEqual([run.attempts, run.own, run.lost], [7, 7, 0]);
    const rest =
      /: 0 of 7 requests at the LB's last reuse were lost; 4 connections watched for .*; the control, .* after 2 s, lost \d+ of \d+\.$/m;
    assert.match(stderr, rest);
    // The same set-up loses where there is something to lose.
    const control = result.control!;
    assert.equal(control.verdict, "lost");
    assert.ok(control.inWindow >= 5 && control.lostInWindow === control.inWindow);
    assert.ok(run.samples.every(({ gapMs }) => gapMs > 2700 && gapMs < 2950));
    assert.equal(result.advice, null);
  });

  it("--thorough also aims at the LB's own idle timeout and the app's close, and loses nothing there.", async (t) => {
    const { url } = await startApp(t, 3000);
    const { code, result, run, stderr } = await check(t, [url, "--lb-idle", "2s", "--thorough"]);
    assert.deepEqual([code, result.verdict], [0, "clean"], stderr);
    assert.deepEqual(
      run.window.map(({ source }) => source),
      ["the LB's last reuse", "the LB's idle timeout", "the target's own close"],
    );
    assert.equal(run.attempts, 60);
  });

  it("finds an app that announces each close clean: exit 0, and says why.", async (t) => {
    const { url } = await startApp(t, 5000, "close");
    const { code, result, run } = await check(t, [url]);
    assert.deepEqual([code, result.verdict, run.own], [0, "clean", 0]);
    assert.match(result.reasons.join(" "), /Connection: close.*no race/);
  });

  it("speaks TLS to an https app, with a self-signed certificate, and says so.", async (t) => {
    const { url } = await startApp(t, 1000, "https");
    const { code, result, run, stderr } = await check(t, [url]);
    assert.deepEqual([code, result.verdict], [1, "lost"], stderr);
    assert.ok(run.lostInWindow >= 5, `${run.lostInWindow} of ${run.inWindow}`);
    assert.match(stderr, /certificate is not verified, as an ALB does not/);
  });

  it("says nothing about an app that answers 500: exit 3, unless that is meant to be.", async (t) => {
    const { url } = await startApp(t, 1000, "500");
    const { code, result } = await check(t, [url]);
    assert.deepEqual([code, result.verdict], [3, "inconclusive"]);
    assert.match(result.reasons[0]!, /answers 500 to GET \/: give a --path that works, or --ok-status 500/);
    const meant = await check(t, [url, "--ok-status", "500"]);
    assert.deepEqual([meant.code, meant.result.verdict], [1, "lost"]);
  });

  it("says nothing about an app that dies in the middle: exit 3, with a result that says so.", async (t) => {
    const app = await startApp(t, 65_000);
    const out = join(await scratchFolder(t), "out");
    const running = await startCheck(t, [app.url, "--lb-idle", "20s", "--out", out]);
    await running.printed(/^probing /m);
    await app.process.stop();
    const { code } = await endedCleanly(running);
    const result = resultSchema.parse(JSON.parse(await readFile(join(out, "result.json"), "utf8")));
    assert.deepEqual([code, result.verdict], [3, "inconclusive"], result.reasons.join(" "));
  });

  it("names an app that is not there in one line: exit 2.", async (t) => {
    const [port] = await freePorts(1);
    const ended = await endedCleanly(await startCheck(t, [`localhost:${port}`]));
    assert.equal(ended.code, 2);
    assert.match(oneLine(ended), /^alb502: nothing listens at localhost:\d+ \(ECONNREFUSED\): start your app/);
  });

  it("sends method, path, header and body, and neither prints nor keeps what may be a secret.", async (t) => {
    const { url } = await startApp(t, 1000);
    const { code, everything, result } = await check(t, [
      `${url}/pay?card=hush1`,
      "--header",
      "Authorization: Bearer hush2",
      "--body",
      "hush3",
      "--header",
      "Host: shop.example",
    ]);
    assert.equal(code, 1);
    assert.doesNotMatch(everything, /hush/);
    assert.deepEqual([result.settings.method, result.settings.path], ["POST", "/pay?..."]);
  });

  it("is interrupted by Ctrl-C: exit 130, and nothing is left.", async (t) => {
    const { url } = await startApp(t, 65_000);
    const running = await startCheck(t, [url]);
    await running.printed(/^probing /m);
    process.kill(running.pid, "SIGINT");
    assert.equal((await endedCleanly(running)).code, 130);
  });
});
