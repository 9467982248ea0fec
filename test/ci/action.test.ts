import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { outputsIn } from "../../bench/ci-job/run-job.ts";
import { runAsGithub, runSteps } from "../../bench/ci-job/steps.ts";
import { needs } from "../needs.ts";
import { scratchFolder } from "../parts/scratch.ts";

const { test } = await needs("haproxy", "k6", "toxiproxy");

const ROOT = join(import.meta.dirname, "../..");
const CHECK = runSteps(await readFile(join(ROOT, "action.yml"), "utf8")).find(({ name }) => name === "check")!;

test("An app that loses requests fails the step, and the outputs say so.", async (t) => {
  const server = createServer((_request, response) => response.end("ok")).listen(0, "127.0.0.1");
  server.keepAliveTimeout = 1000;
  await once(server, "listening");
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const { code, outputs, workspace, log } = await useAction(t, {
    IN_URL: url,
    IN_LB_IDLE: "20s",
    ALB502_HEADERS: "X-One: a b\nAuthorization: Bearer hush-100%\r\n",
    IN_OUT: "kept/here",
    IN_WAIT_ON: "20",
    IN_SUMMARY: "false",
  });
  assert.equal(code, 1, log);
  assert.match(log, /^Waiting for 127\.0\.0\.1:\d+, 20 s at most \.\.\.$/m);
  assert.ok(!existsSync(join(workspace, "../summary.md")), "summary: false leaves the job's page alone");
  const result = "kept/here/result.json";
  assert.deepEqual(outputs, { "exit-code": "1", result, verdict: "lost" });
  for (const file of ["junit.xml", "summary.md"]) assert.ok(existsSync(join(workspace, "kept/here", file)), file);
  assert.match(log, /^::error title=alb502 check%3A lost::/m);
  const masked = log.split("\n").filter((line) => line.includes("hush"));
  assert.deepEqual(masked, ["::add-mask::Bearer hush-100%25", "::add-mask::hush-100%25"]);
});

test("An input's text is never run, nor taken for an option where a value is expected.", async (t) => {
  const urls = ["$(touch pwned)", "`touch pwned`", '"; touch pwned; "', "--help", "-h"];
  const used = await Promise.all(urls.map((url) => useAction(t, { IN_URL: url })));
  for (const [i, { code, outputs, workspace }] of used.entries()) {
    assert.deepEqual([code, outputs], [2, { "exit-code": "2" }], urls[i]);
    assert.ok(!existsSync(join(workspace, "pwned")), urls[i]);
  }
});

test("An output cannot be made up by a line break in the folder's name.", async (t) => {
  const { outputs } = await useAction(t, { IN_URL: "--help", IN_OUT: "kept\nverdict=clean" });
  assert.deepEqual(outputs, { "exit-code": "2" });
});

test("An empty folder, as an empty expression gives it, is refused in one line, and nothing is made or removed.", async (t) => {
  for (const out of ["", " ", "\n", "\nkept"]) {
    const { code, outputs, workspace, log } = await useAction(t, { IN_URL: "1", IN_OUT: out }, async (folder) => {
      await writeFile(join(folder, "result.json"), '{"verdict":"clean"}');
    });
    assert.deepEqual([code, outputs, await readdir(workspace)], [2, { "exit-code": "2" }, ["result.json"]]);
    assert.match(log, /^alb502: the input out is empty .*, expected a folder; e\.g\. out: results\n$/);
  }
});

test("Without a URL, and where the app that is waited for does not come, the check does not begin.", async (t) => {
  const neither = await useAction(t, { IN_URL: "" });
  assert.deepEqual([neither.code, neither.outputs], [2, { "exit-code": "2" }]);
  assert.match(neither.log, /^alb502: no (URL|alb502\.config)/m);
  const late = await useAction(t, { IN_URL: "1", IN_WAIT_ON: "1" });
  assert.deepEqual([late.code, late.outputs], [2, { "exit-code": "2" }]);
  assert.match(late.log, /^::error title=alb502 wait-on%3A not ready::waited 1 s: nothing listens at localhost:1 /m);
});

test("Headers, a body or a path beside a config, whose targets would not get them, are refused.", async (t) => {
  for (const input of ["ALB502_HEADERS", "ALB502_BODY", "ALB502_PATH"]) {
    const { code, outputs, log } = await useAction(t, { IN_CONFIG: "alb502.config.json", [input]: "hush-secret" });
    assert.deepEqual([code, outputs], [2, { "exit-code": "2" }], input);
    assert.equal(
      log,
      "alb502: path, headers and body go with url; for a config they stand in its file: docs/config.md\n",
    );
  }
});

test("What may be a secret is masked, line by line, and is in no argument.", async (t) => {
  const { log, outputs } = await useAction(t, {
    IN_URL: "1",
    ALB502_BODY: '{\n  "token": "hush-body"\n}',
    ALB502_PATH: "/a?key=hush-path",
  });
  assert.deepEqual(outputs, { "exit-code": "2" });
  assert.deepEqual(
    log.split("\n").filter((line) => line.includes("hush")),
    ['::add-mask::"token": "hush-body"', "::add-mask::key=hush-path"],
  );
  assert.match(log, /^alb502: nothing listens at localhost:1 /m);
  assert.doesNotMatch(CHECK.run, /option (header|body|path)/);
});

test("An earlier step's result does not pass for this one's.", async (t) => {
  const { outputs } = await useAction(t, { IN_URL: "no URL" }, async (workspace) => {
    await mkdir(join(workspace, "alb502-results"));
    await writeFile(join(workspace, "alb502-results/result.json"), '{"verdict":"clean"}');
  });
  assert.deepEqual(outputs, { "exit-code": "2" });
});

/** Runs the action's last step in a workspace of its own. */
async function useAction(
  t: TestContext,
  inputs: Record<string, string>,
  prepare: (workspace: string) => Promise<void> = async () => {},
) {
  const folder = await scratchFolder(t);
  const workspace = join(folder, "workspace");
  await mkdir(workspace);
  await prepare(workspace);
  const GITHUB_OUTPUT = join(folder, "output");
  const defaults = Object.fromEntries(
    // An input that was not given is empty; what is no input stays as it is.
    Object.entries(CHECK.env).map(([name, value]) => [name, String(value).startsWith("${{") ? "" : String(value)]),
  );
  const { code, output } = await runAsGithub(CHECK.run, {
    cwd: workspace,
    env: {
      ...process.env,
      ...defaults,
      IN_OUT: "alb502-results",
      ...inputs,
      GITHUB_ACTION_PATH: ROOT,
      GITHUB_OUTPUT,
      GITHUB_STEP_SUMMARY: join(folder, "summary.md"),
      GITHUB_ACTIONS: "true",
    },
  });
  const outputs = outputsIn(await readFile(GITHUB_OUTPUT, "utf8"));
  return { code, log: output, outputs, workspace };
}
