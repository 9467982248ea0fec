import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { runToEnd, startProcess } from "../../src/run/process.ts";

test("A part gets what a program needs of the caller's environment, and no token.", async (t) => {
  set(t, { GITHUB_TOKEN: "hush", AWS_SECRET_ACCESS_KEY: "hush", DOCKER_AUTH_CONFIG: "hush", ALB502_HEADERS: "hush" });
  const lines: string[] = [];
  const env = { OWN: "given" };
  const part = await startProcess({
    name: "env",
    command: "env",
    args: [],
    env,
    onLine: (line) => void lines.push(line),
  });
  await part.exited;
  assert.ok(lines.includes("OWN=given") && lines.includes(`PATH=${process.env.PATH}`), lines.join("\n"));
  assert.doesNotMatch(lines.join("\n"), /hush/);
});

test("No tool that this process runs gets the request that it was given in variables.", async (t) => {
  set(t, { ALB502_HEADERS: "hush", ALB502_BODY: "hush", ALB502_PATH: "/?hush", OTHER: "kept" });
  const { stdout } = await runToEnd("env", [], { env: process.env });
  assert.match(stdout, /^OTHER=kept$/m);
  assert.doesNotMatch(stdout, /hush/);
});

function set(t: TestContext, variables: Record<string, string>): void {
  Object.assign(process.env, variables);
  t.after(() => {
    for (const name of Object.keys(variables)) delete process.env[name];
  });
}
