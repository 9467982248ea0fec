import assert from "node:assert/strict";
import { mkdirSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { fromWhereYouStand, outputOf } from "../../src/cli/output-options.ts";
import { UsageError } from "../../src/run/exit.ts";
import { scratchFolder } from "../parts/scratch.ts";

const ROOT = join(import.meta.dirname, "../..");

test("An --out without a value, as an unset variable leaves it, is refused: it is not the current folder.", () => {
  for (const out of ["", " ", "\n"]) {
    assert.throws(
      () => outputOf({ json: false, out }),
      (error) =>
        error instanceof UsageError && /^--out is empty, expected a folder; e\.g\. --out \S+$/.test(error.message),
    );
  }
  assert.equal(outputOf({ json: false }).out, null);
});

test("Under npm run a path is one of the folder in which the person stands, not of the package's.", async (t) => {
  const npm = { INIT_CWD: "/home/me", npm_package_json: join(ROOT, "package.json") };
  assert.equal(fromWhereYouStand("out", npm, ROOT), "/home/me/out");
  assert.equal(fromWhereYouStand("/out", npm, ROOT), "/out");
  const folder = await scratchFolder(t);
  mkdirSync(join(folder, "a"));
  symlinkSync(ROOT, join(folder, "a/clone"));
  const byLink = { INIT_CWD: "/home/me", npm_package_json: join(folder, "a/clone/package.json") };
  assert.equal(fromWhereYouStand("out", byLink, ROOT), "/home/me/out");
});

test("Called by node, in a script of another package too, it is one of the folder that the process is in.", () => {
  assert.equal(fromWhereYouStand("out", {}), resolve("out"));
  const another = { INIT_CWD: "/home/me", npm_package_json: "/home/me/app/package.json" };
  assert.equal(fromWhereYouStand("out", another, "/home/me/app"), "/home/me/app/out");
  const inScript = { INIT_CWD: "/home/me", npm_package_json: join(ROOT, "package.json") };
  assert.equal(fromWhereYouStand("out", inScript, "/tmp"), "/tmp/out", "a script of our own went somewhere else");
});
