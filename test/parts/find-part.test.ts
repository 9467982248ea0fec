// npm test: quiet, since a look has a second, as against one that hangs
import assert from "node:assert/strict";
import { access, chmod, chown, mkdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import { recipe } from "../../src/parts/cache.ts";
import { ensureParts } from "../../src/parts/ensure-parts.ts";
import { findPart } from "../../src/parts/find-part.ts";
import { EnvironmentError } from "../../src/run/exit.ts";
import type { Progress } from "../../src/run/progress.ts";
import { needs } from "../needs.ts";
import { environment, scratchFolder, script } from "./scratch.ts";

const there = await needs("haproxy", "k6", "toxiproxy");

const silent: Progress = { line: () => {}, transient: () => {}, paint: (_, text) => text };

there.test("All three parts are found in under a second once they are there, each asked for its version.", async () => {
  const names = ["haproxy", "k6", "toxiproxy"] as const;
  const startMs = performance.now();
  const parts = await ensureParts(names, silent);
  const tookMs = performance.now() - startMs;
  assert.deepEqual(Object.keys(parts).sort(), ["haproxy", "k6", "toxiproxy"]);
  for (const { version } of Object.values(parts)) assert.match(version, /^\d+\.\d+/);
  assert.ok(tookMs < 1000, `took ${tookMs} ms`);
});

test("A k6 on PATH that is too old is ignored, and named with its version.", async (t) => {
  const folder = await scratchFolder(t);
  const path = await script(folder, "k6", "k6 v0.49.0 (go1.21.6, linux/amd64)");
  const found = await findPart("k6", environment({ PATH: folder, XDG_CACHE_HOME: folder }));
  const problem = `${path} is k6 0.49.0 (expected: 2.0.0 or newer) and was ignored`;
  assert.deepEqual(found, { name: "k6", problem, named: false });
});

test("The next one on PATH is taken when the first is too old.", async (t) => {
  const [first, second] = [await scratchFolder(t), await scratchFolder(t)];
  await script(first, "k6", "k6 v0.49.0 (go1.21.6, linux/amd64)");
  const path = await script(second, "k6", "k6 v2.1.0 (go1.26.4, linux/amd64)");
  const found = await findPart("k6", environment({ PATH: `${first}:${second}` }));
  assert.deepEqual(found, { name: "k6", path, version: "2.1.0", origin: "PATH" });
});

test("A part's output is quoted when no version can be read from it.", async (t) => {
  const folder = await scratchFolder(t);
  const path = await script(folder, "toxiproxy-server", "toxiproxy-server version git");
  const found = await findPart("toxiproxy", environment({ PATH: folder, XDG_CACHE_HOME: folder }));
  assert.ok("problem" in found);
  assert.equal(found.problem, `${path} names no version (it printed "toxiproxy-server version git") and was ignored`);
});

test("A cached binary that somebody else may have put there is not run, and a line says why.", async (t) => {
  const folder = await scratchFolder(t);
  const env = environment({ PATH: "", XDG_CACHE_HOME: folder });
  const { cached } = await recipe("k6", env);
  await mkdir(dirname(cached), { mode: 0o700 });
  await script(dirname(cached), basename(cached), `k6 v2.1.0\n$(touch ${folder}/ran)`);
  const problemOf = async () => {
    const found = await findPart("k6", env);
    return "problem" in found ? found.problem : found.version;
  };
  assert.equal(await problemOf(), "2.1.0");
  await rm(join(folder, "ran"), { force: true });
  await chmod(cached, 0o777);
  assert.equal(await problemOf(), `${cached} was ignored, as others may write to ${cached} (chmod go-w ${cached})`);
  await chmod(cached, 0o755);
  await chmod(dirname(cached), 0o1777);
  assert.match(await problemOf(), /^\S+ was ignored, as others may write to \S+\/alb502 \(chmod go-w \S+\)$/);
  if (process.getuid?.() === 0) {
    await chmod(dirname(cached), 0o700);
    await chown(cached, 65_534, 65_534);
    assert.equal(await problemOf(), `${cached} was ignored, as ${cached} belongs to another user`);
  }
  await assert.rejects(access(join(folder, "ran")));
});

test("A cached binary that does not run is ignored.", async (t) => {
  const folder = await scratchFolder(t);
  const env = environment({ PATH: "", XDG_CACHE_HOME: folder });
  const { cached } = await recipe("k6", env);
  await mkdir(dirname(cached));
  await script(dirname(cached), cached.slice(dirname(cached).length + 1), "", 1);
  const found = await findPart("k6", env);
  assert.ok("problem" in found);
  assert.equal(found.problem, `${cached} does not run (exit 1) and was ignored`);
});

test("The override variable wins over PATH.", async (t) => {
  const folder = await scratchFolder(t);
  const path = await script(folder, "mine", "HAProxy version 3.2.26-1 2026/08/20 - https://haproxy.org/");
  const found = await findPart("haproxy", environment({ ALB502_HAPROXY: path }));
  assert.deepEqual(found, { name: "haproxy", path, version: "3.2.26", origin: "environment" });
});

test("An override that does not exist or is too old is refused by its variable's name, and no other part is got.", async (t) => {
  const folder = await scratchFolder(t);
  const missing = join(folder, "nothing");
  const old = await script(folder, "old", "k6 v0.49.0 (go1.21.6, linux/amd64)");
  const cases = [
    [missing, `ALB502_K6=${missing} does not run (no such file)`],
    [old, `ALB502_K6=${old} is k6 0.49.0 (expected: 2.0.0 or newer)`],
  ] as const;
  for (const [path, problem] of cases) {
    await assert.rejects(ensureParts(["k6"], silent, undefined, environment({ ALB502_K6: path })), (error) => {
      assert.ok(error instanceof EnvironmentError);
      assert.equal(error.message, `${problem}: expected the path of a k6 2.0.0 or newer; fix or unset ALB502_K6`);
      return true;
    });
  }
});
