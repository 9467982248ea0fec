import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { runTestFiles } from "../../../scripts/test/run-test-files.ts";
import type { Turn } from "../../../scripts/test/turns.ts";
import { scratchFolder } from "../../parts/scratch.ts";
import { silentRun } from "../../silent-run.ts";

/** Ends when as many as `together` have begun. */
const meets = (together: number) => `while (having(".began").length < ${together}) await delay(10);`;
const areQuiet =
  'const quiet = () => assert.ok(having(".running").every((one) => "cd".includes(one[0]))); quiet(); await delay(200); quiet();';

test("Early files and any others run beside each other; those that need quiet come after all of them.", async (t) => {
  const { told, passed } = await run(t, {
    early: { a: meets(2) },
    any: { b: meets(2) },
    quiet: { c: areQuiet, d: areQuiet },
  });
  assert.ok(passed, told);
  assert.match(told, /\nℹ tests 4\n(?:ℹ .*\n)*ℹ fail 0\n(?:ℹ .*\n)*ℹ duration_ms \d+\n$/);
});

test("One failure makes all of it fail, and stands again before the closing lines.", async (t) => {
  const { told, passed } = await run(t, { early: { a: "" }, any: { bad: "assert.fail();" }, quiet: { c: "" } });
  assert.equal(passed, false);
  assert.match(told, /✖ failing tests:\n\nbad\n(?:.*\n)*ℹ tests 3\n(?:ℹ .*\n)*ℹ fail 1\n/);
});

/** Runs made files of these names and bodies. @returns all that was printed */
async function run(t: TestContext, turns: Record<Turn, Record<string, string>>) {
  const folder = await scratchFolder(t);
  const made = (name: string) => ({ name, built: join(folder, `${name}.test.mjs`) });
  for (const [name, body] of Object.values(turns).flatMap(Object.entries<string>))
    await writeFile(made(name).built, codeOf(name, body));
  const lines: string[] = [];
  const { run } = silentRun(folder);
  run.progress.line = (text) => void lines.push(text);
  const passed = await runTestFiles(run, {
    early: Object.keys(turns.early).map(made),
    any: Object.keys(turns.any).map(made),
    quiet: Object.keys(turns.quiet).map(made),
    atOnce: { least: 2, most: 2 },
    cwd: folder,
    env: { NODE_TEST_CONTEXT: undefined },
  });
  return { told: `${lines.join("\n")}\n`, passed };
}

/** NAME.began is there from then on, and NAME.running while it runs. */
const codeOf = (name: string, body: string): string => `
  import assert from "node:assert/strict";
  import { readdirSync, rmSync, writeFileSync } from "node:fs";
  import { test } from "node:test";
  import { setTimeout as delay } from "node:timers/promises";
  const name = "${name}";
  const having = (end) => readdirSync(".").filter((file) => file.endsWith(end));
  test("It is ${name}.", { timeout: 60_000 }, async () => {
    for (const end of [".began", ".running"]) writeFileSync(name + end, "");
    ${body}
    rmSync(name + ".running");
  });`;
