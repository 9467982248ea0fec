import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { startOf } from "../../src/cli/start-options.ts";
import { checkCommandLine } from "../../src/command/check/options.ts";
import { UsageError } from "../../src/run/exit.ts";
import { scratchFolder } from "../parts/scratch.ts";

test("By default the app has 60 s to answer and 5 s to end by SIGTERM, in this folder, with nothing added.", () => {
  assert.deepEqual(startOf({ start: "npm start" }, []), {
    command: "npm start",
    cwd: process.cwd(),
    env: {},
    secrets: [],
    timeoutMs: 60_000,
    reuseExistingServer: false,
    gracefulShutdown: { signal: "SIGTERM", timeoutMs: 5000 },
  });
  assert.equal(startOf({}, []), null);
});

test("The command may stand after a --, which takes nothing else: no shell, and no option of ours.", () => {
  const parsed = checkCommandLine.parse(["3000", "--lb-idle", "7s", "--", "node", "app.js", "--json", "--", "x"])!;
  assert.deepEqual(parsed.start?.command, ["node", "app.js", "--json", "--", "x"]);
  assert.deepEqual([parsed.json, parsed.lbIdleMs, parsed.target.port], [false, 7000, "3000"]);
});

test("A -- that npm run would have taken is no command.", () => {
  for (const argv of [["--", "3000"], ["3000"], ["--json", "--", "3000"], ["--", "3000", "--json"]]) {
    const parsed = checkCommandLine.parse(argv)!;
    assert.deepEqual([parsed.target.port, parsed.start], ["3000", null], argv.join(" "));
  }
  assert.deepEqual(checkCommandLine.parse(["--", "3000", "--", "npm", "start"])!.start?.command, ["npm", "start"]);
});

test("Variables come from the command line, and secrets from a file, whose values are told apart.", async (t) => {
  const file = join(await scratchFolder(t), "env");
  await writeFile(file, '# secrets\nexport TOKEN="a=b c"\n\nURL=https://u:p@h/\n');
  const { env, secrets } = startOf({ start: "x", "start-env": ["PORT=3000", `@${file}`, "EMPTY="] }, [])!;
  assert.deepEqual(env, { PORT: "3000", TOKEN: "a=b c", URL: "https://u:p@h/", EMPTY: "" });
  assert.deepEqual(secrets, ["a=b c", "https://u:p@h/"]);
});

test("A wrong value is one line that says what was expected, and shows no variable's value.", () => {
  const bad: [values: Parameters<typeof startOf>[0], after: string[], message: RegExp][] = [
    [{ start: " " }, [], /^--start is empty/],
    [{ start: "a" }, ["b"], /give it once/],
    [{ "start-timeout": "5s" }, [], /^--start-timeout has no use without a command/],
    [{ "reuse-existing-server": true }, [], /^--reuse-existing-server has no use/],
    [{ start: "a", "start-cwd": "/nowhere" }, [], /^--start-cwd is "\/nowhere", expected a folder/],
    [{ start: "a", "start-env": ["s3cret"] }, [], /^--start-env has no NAME=value in it/],
    [{ start: "a", "start-env": ["@/nowhere"] }, [], /cannot be read/],
    [{ start: "a", "start-timeout": "60" }, [], /without a unit.*--start-timeout 60s/],
    [{ start: "a", "stop-signal": "SIGSTOP" }, [], /^--stop-signal is "SIGSTOP", expected SIGTERM, /],
    [{ start: "a", "stop-timeout": "-1s" }, [], /^--stop-timeout is/],
  ];
  for (const [values, after, message] of bad) {
    assert.throws(
      () => startOf(values, after),
      (error) => error instanceof UsageError && message.test(error.message) && !/\n|s3cret/.test(error.message),
      `${message}`,
    );
  }
});
