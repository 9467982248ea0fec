import assert from "node:assert/strict";
import { once } from "node:events";
import { access, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { it, type TestContext, test } from "node:test";
import { installSchema } from "../../src/command/install/result.ts";
import { type Result, resultSchema } from "../../src/record/result.ts";
import { capitalised } from "../../src/report/sentence.ts";
import { lineOf } from "../alb-log/samples.ts";
import { needs } from "../needs.ts";
import { endedCleanly, oneLine, portPair } from "../nothing-left.ts";
import { scratchFolder } from "../parts/scratch.ts";
import { type RunningCommand, startCommand } from "../start-command.ts";
import { startApp } from "./check/target.ts";

const { describe } = await needs("haproxy", "k6", "toxiproxy");

/** Runs a command with --out and --json, which both have to hold the same. */
async function both(
  t: TestContext,
  [command, ...args]: [string, ...string[]],
  { file = "result.json", meanwhile = async () => {} }: { file?: string; meanwhile?: Meanwhile } = {},
) {
  const out = join(await scratchFolder(t), "out");
  const running = await startCommand(t, command, [...args, "--out", out, "--json"]);
  await meanwhile(running);
  const { code, stdout, stderr } = await endedCleanly(running);
  assert.equal(stdout, await readFile(join(out, file), "utf8"), stderr);
  return { code, json: JSON.parse(stdout) as unknown, stderr, out };
}

type Meanwhile = (running: RunningCommand) => Promise<void>;

describe("--json prints the JSON that --out keeps, and nothing else on standard output", { concurrency: 3 }, () => {
  it("probe.", async (t) => {
    const { code, json } = await both(t, ["probe", await closingServer(t)]);
    assert.deepEqual([code, resultSchema.parse(json).command], [0, "probe"]);
  });

  it("up, at its end.", async (t) => {
    const { url } = await startApp(t, 65_000);
    const port = `${await portPair()}`;
    const interrupt: Meanwhile = async ({ pid, printed }) => {
      await printed(/Ctrl-C ends it/);
      process.kill(pid, "SIGINT");
    };
    const { code, json } = await both(t, ["up", url, "--port", port], { meanwhile: interrupt });
    assert.deepEqual([code, resultSchema.parse(json).runs.length], [130, 1]);
  });

  it("diagnose.", async (t) => {
    const log = join(await scratchFolder(t), "a.log");
    await writeFile(log, `${lineOf({ times: "0.000 0.003 0.000", status: "200", targetStatus: "200" })}\n`);
    const { code, json } = await both(t, ["diagnose", log], { file: "diagnosis.json" });
    assert.deepEqual([code, (json as { verdict: string }).verdict], [0, "clean"]);
  });

  it("doctor.", async (t) => {
    const { code, json, stderr } = await both(t, ["doctor"], { file: "doctor.json" });
    const { schema, ok } = json as { schema: string; ok: boolean };
    assert.deepEqual([code, schema, stderr], [ok ? 0 : 2, "alb502/doctor/1", ""]);
  });

  it("install.", async (t) => {
    const { code, json, stderr } = await both(t, ["install"], { file: "install.json" });
    assert.deepEqual([code, stderr], [0, ""]);
    const { cache, parts } = installSchema.parse(json);
    assert.deepEqual(
      parts.map(({ name }) => name),
      ["haproxy", "k6", "toxiproxy"],
    );
    for (const { path, origin } of parts) {
      assert.ok(path && (await access(path)) === undefined);
      if (origin === "built" || origin === "fetched") assert.equal(dirname(path), cache);
    }
  });
});

describe("A run without evidence is exit 3: the result says why, and so does one line on standard error", {
  concurrency: 3,
}, () => {
  const holds = ({ code, json, stderr }: Awaited<ReturnType<typeof both>>): Result => {
    const result = resultSchema.parse(json);
    const [line] = /^alb502: .*$/m.exec(stderr) ?? assert.fail(stderr);
    assert.deepEqual([code, result.verdict, result.runs], [3, "inconclusive", []]);
    assert.deepEqual(result.reasons, [`${capitalised(line.replace("alb502: ", ""))}.`]);
    return result;
  };

  it("demo, where the LB closes first.", async (t) => {
    const args: [string, ...string[]] = ["demo", "--nodes", "2", "--rounds", "1", "--lb-idle", "1s"];
    const ended = await both(t, args);
    const { reasons, settings, lb } = holds(ended);
    assert.match(reasons[0]!, /^Nothing to aim at: the LB closes idle connections first/);
    assert.deepEqual([settings["lb-idle"], lb.idleTimeoutMs], ["1s", 1000]);
    const junit = await readFile(join(ended.out, "junit.xml"), "utf8");
    assert.match(junit, /name="the 502 happens before the fix and not after it">\n +<error message="Nothing to aim at/);
  });

  it("check, of an app that answers with errors.", async (t) => {
    const { url } = await startApp(t, 1000, "500");
    assert.match(holds(await both(t, ["check", url])).reasons[0]!, /^The target answers 500 to GET \//);
  });

  it("up, whose HAProxy died.", async (t) => {
    const { url } = await startApp(t, 65_000);
    const port = `${await portPair()}`;
    const kill: Meanwhile = async ({ pid, printed, living }) => {
      await printed(/Ctrl-C ends it/);
      const lb = (await living()).find((one) => one.pid !== pid && /haproxy\.cfg/.test(one.command))!;
      process.kill(lb.pid, "SIGKILL");
    };
    const result = holds(await both(t, ["up", url, "--port", port], { meanwhile: kill }));
    assert.match(result.reasons[0]!, /^HAProxy exited unexpectedly \(SIGKILL\)/);
  });

  it("and GitHub Actions shows it as a warning, with its summary on the job's page.", async (t) => {
    const summary = join(await scratchFolder(t), "summary");
    const { url } = await startApp(t, 1000, "500");
    const env = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: summary };
    const ended = await endedCleanly(await startCommand(t, "check", [url], { env }));
    assert.equal(ended.code, 3);
    assert.match(oneLine(ended), /^alb502: the target answers 500 to GET \//);
    assert.match(ended.stdout, /^::warning title=alb502 check%3A inconclusive::Inconclusive\. The target answers 500/m);
    assert.match(await readFile(summary, "utf8"), /^## alb502 check: inconclusive$/m);
  });
});

test("A clock that is set back while a command runs leaves its result whole.", async (t) => {
  const back = "const now = Date.now; Date.now = () => now() - 3_600_000"; // new Date() stays: it started before
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(back)}` };
  const args = [await closingServer(t), "--json"];
  const { code, stdout, stderr } = await endedCleanly(await startCommand(t, "probe", args, { env }));
  assert.equal(code, 0, stderr);
  const { durationMs } = resultSchema.parse(JSON.parse(stdout));
  assert.ok(durationMs > 0 && durationMs < 60_000, `${durationMs} ms`);
});

/** It announces each close, so that a probe need not wait. */
async function closingServer(t: TestContext): Promise<string> {
  const server = createServer((_, response) => response.setHeader("Connection", "close").end("ok"));
  t.after(() => server.close());
  await once(server.listen(0, "127.0.0.1"), "listening");
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
