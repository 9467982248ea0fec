import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { scratchFolder } from "../parts/scratch.ts";
import { programOf } from "../program.ts";

/** Nothing listens on port 1. */
const cases: [what: string, args: string[], line: RegExp][] = [
  ["check of an app that is not there", ["check", "127.0.0.1:1"], /^nothing listens at 127\.0\.0\.1:1 /],
  ["check with a wrong value", ["check", "3000", "--lb-idle", "soon"], /^--lb-idle is "soon", expected /],
  ["check without --yes", ["check", "3000", "--through", "http://127.0.0.1:1"], /^--through would send up to /],
  ["probe of an app that is not there", ["probe", "127.0.0.1:1"], /^nothing listens at 127\.0\.0\.1:1 /],
  ["demo with an unknown option", ["demo", "--nodse", "2"], /^unknown option '--nodse'/],
  ["up of an app that is not there", ["up", "127.0.0.1:1", "--port", "18899"], /^nothing listens at 127\.0\.0\.1:1 /],
];

describe("Exit code 2 in CI: annotation, JUnit and summary have the line of standard error, and there is no result.json", () => {
  for (const [what, args, line] of cases) {
    it(`${what}.`, async (t) => {
      const { code, message, stdout, summary, out } = await inCi(t, args);
      assert.equal(code, 2);
      assert.match(message, line);
      const [command] = args;
      assert.equal(
        stdout.match(/^::error title=alb502 \w+%3A no verdict::(.*)$/m)?.[1],
        message.replaceAll("%", "%25"),
      );
      assert.match(summary, new RegExp(`^## alb502 ${command}: no verdict\n\n`));
      assert.deepEqual(readdirSync(out).sort(), [".alb502", "junit.xml", "summary.md"]);
      assert.match(readFileSync(join(out, "junit.xml"), "utf8"), /errors="1"/);
    });
  }

  it("diagnose of a file that is not there; its folder has no JUnit.", async (t) => {
    const { code, message, stdout, summary } = await inCi(t, ["diagnose", "no-such.log"]);
    assert.equal(code, 2);
    assert.ok(stdout.includes(`::error title=alb502 diagnose%3A no verdict::${message}\n`), stdout);
    assert.match(summary, /^## alb502 diagnose: no verdict\n/);
  });
});

async function inCi(t: TestContext, args: readonly string[]) {
  const folder = await scratchFolder(t);
  const [out, page] = [join(folder, "out"), join(folder, "page")];
  const env = {
    ...process.env,
    ALB502_RUNTIME: "native",
    CI: "true",
    GITHUB_ACTIONS: "true",
    GITHUB_STEP_SUMMARY: page,
  };
  const run = [programOf(args[0]!), ...args, "--out", out];
  const { status, stdout, stderr } = spawnSync(process.execPath, run, { encoding: "utf8", env });
  assert.match(stderr, /^alb502: [^\n]+\n$/);
  return {
    code: status,
    stdout,
    out,
    message: stderr.trim().replace("alb502: ", ""),
    summary: readFileSync(page, "utf8"),
  };
}
