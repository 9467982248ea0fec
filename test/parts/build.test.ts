import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fastLane } from "../../scripts/parts-for-tests.ts";
import { findGo } from "../../src/parts/find-go.ts";
import { ensure } from "./run-ensure.ts";
import { environment, scratchFolder, script } from "./scratch.ts";

test("Without Go one line says what to install, and nothing is left behind.", async (t) => {
  const cache = await scratchFolder(t);
  const { code, stderr } = await ensure(["k6"], environment({ PATH: "", XDG_CACHE_HOME: cache })).ended;
  assert.equal(code, 2);
  assert.equal(
    stderr,
    "alb502: k6 is not on PATH, and its release is not fetched, as ALB502_MIRROR is off; " +
      "to build it, Go 1.25 or newer is expected, but go is not on PATH: install Go (go.dev/dl), or k6 2.0.0 or newer yourself; with a mirror (ALB502_MIRROR) or with Docker neither is needed\n",
  );
  assert.deepEqual(await readdir(cache), []);
});

test("A Go that is too old is named, and the old k6 that made it necessary.", async (t) => {
  const folder = await scratchFolder(t);
  const k6 = await script(folder, "k6", "k6 v0.49.0 (go1.21.6, linux/amd64)");
  const go = await script(folder, "go", "go version go1.19.8 linux/amd64");
  const { code, stderr } = await ensure(["k6"], environment({ PATH: folder, XDG_CACHE_HOME: folder })).ended;
  assert.equal(code, 2);
  assert.ok(stderr.startsWith(`alb502: ${k6} is k6 0.49.0 (expected: 2.0.0 or newer) and was ignored, and `), stderr);
  assert.ok(stderr.includes(`Go 1.25 or newer is expected, but ${go} is Go 1.19.8: install Go`), stderr);
  assert.equal(stderr.trim().split("\n").length, 1);
});

test("A cache folder that cannot be written is named.", async (t) => {
  if (await withoutGo(t)) return;
  const file = join(await scratchFolder(t), "a-file");
  await writeFile(file, "");
  const { code, stderr } = await ensure(["k6"], onlyGo({ XDG_CACHE_HOME: file, GOCACHE: "off" })).ended;
  assert.equal(code, 2);
  assert.match(
    lastLine(stderr),
    /^alb502: the cache folder .*a-file\/alb502 cannot be written: .*; set XDG_CACHE_HOME/,
  );
});

test("A failed build quotes Go's own last lines, and leaves nothing behind.", async (t) => {
  if (await withoutGo(t)) return;
  const cache = await scratchFolder(t);
  // A Go that cannot even start to build: its own cache is switched off.
  const { code, stderr } = await ensure(["k6"], onlyGo({ XDG_CACHE_HOME: cache, GOCACHE: "off" })).ended;
  assert.equal(code, 2);
  assert.match(stderr, /^alb502: k6 2\.\d+\.\d+ could not be built; go build ended with 1:\n {2}.*GOCACHE/m);
  assert.doesNotMatch(stderr, /^ +at /m, "no stack trace");
  assert.deepEqual(await readdir(join(cache, "alb502")), []);
});

test("A build ends with SIGTERM: exit 130, no process and no file left.", async (t) => {
  if (await withoutGo(t)) return;
  const cache = await scratchFolder(t);
  const run = ensure(["k6"], onlyGo({ XDG_CACHE_HOME: cache }));
  await goIsAtWork(join(cache, "alb502"), run.ended);
  run.child.kill("SIGTERM");
  const { code, stderr } = await run.ended;
  assert.equal(code, 130, stderr);
  assert.deepEqual(await readdir(join(cache, "alb502")), []);
  const processes = execFileSync("ps", ["-ax", "-o", "args"], { encoding: "utf8" });
  assert.ok(!processes.includes(cache), processes);
});

/** Go's scratch folder appears in ours when it starts to compile. */
async function goIsAtWork(folder: string, ended: Promise<{ stderr: string }>): Promise<void> {
  let over = false;
  void ended.then(() => {
    over = true;
  });
  while (!over) {
    const entries = existsSync(folder) ? await readdir(folder, { recursive: true }) : [];
    if (entries.some((entry) => /go-build\d+$/.test(entry))) return;
    await sleep(10);
  }
  assert.fail(`the build ended before it was interrupted: ${(await ended).stderr}`);
}

let goFolder = "";

/** Go alone on PATH: a k6 of this machine's own must not spare the build. */
const onlyGo = (changes: Record<string, string>) => environment({ PATH: goFolder, ...changes });

async function withoutGo(t: TestContext): Promise<boolean> {
  const go = fastLane ? { problem: fastLane } : await findGo();
  if ("path" in go) {
    goFolder = join(go.path, "..");
    return false;
  }
  t.skip(go.problem);
  return true;
}

const lastLine = (text: string): string => text.trim().split("\n").at(-1) ?? "";
