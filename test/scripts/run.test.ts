import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cp, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fastLane } from "../../scripts/parts-for-tests.ts";
import { onPath } from "../../src/run/on-path.ts";
import { needs } from "../needs.ts";
import { environment, scratchFolder } from "../parts/scratch.ts";

const there = await needs("haproxy");

const ROOT = join(import.meta.dirname, "../..");

/** For node:test's `skip`. */
const noLimits = spawnSync("prlimit", ["--version"]).status !== 0 && "this system has no prlimit";

test("The commands are listed when none is named.", async () => {
  const { code, stdout, stderr } = await run(ROOT, []);
  assert.equal(code, 0);
  assert.equal(stderr, "");
  for (const name of ["demo", "probe", "check", "up", "diagnose", "doctor", "build", "test", "bench"])
    assert.match(stdout, new RegExp(`^  ${name} +\\w`, "m"));
});

test("An unknown command is named, with those there are: exit 2.", async () => {
  const { code, stderr } = await run(ROOT, ["dmo"]);
  assert.equal(code, 2);
  assert.equal(
    stderr,
    'alb502: unknown command "dmo": expected one of demo, probe, check, up, diagnose, predict, install, doctor, build, test, bench, matrix, lab; see npm run\n',
  );
});

test("A user's mistake is one line: exit 2.", async () => {
  const { code, stdout, stderr } = await run(ROOT, ["doctor", "--jsno"]);
  assert.equal(code, 2);
  assert.equal(stdout, "");
  assert.equal(stderr, "alb502: unknown option '--jsno'; npm run doctor -- --help lists the options\n");
});

test("Too few file descriptors are one line: exit 2.", { skip: noLimits }, async () => {
  for (const files of [22, 24, 32, 60]) {
    const limited = { cwd: ROOT, encoding: "utf8" } as const;
    const args = [`--nofile=${files}`, process.execPath, "scripts/run.mjs", "doctor"];
    const { status, stdout, stderr } = spawnSync("prlimit", args, limited);
    assert.deepEqual([status, stdout], [2, ""], `${files}: ${stderr}`);
    assert.match(stderr, /^alb502: no file can be opened any more \(EMFILE\): .*ulimit -n 1024\n$/);
  }
});

there.test("A part that cannot be installed is one line before npm test runs anything: exit 2.", async (t) => {
  const cache = await scratchFolder(t);
  const env = environment({ PATH: "", XDG_CACHE_HOME: cache, ALB502_HAPROXY: there.parts.haproxy.path });
  const { code, stdout, stderr } = await run(ROOT, ["test"], env);
  assert.equal(code, 2);
  assert.equal(stdout, "");
  assert.match(
    stderr,
    /^alb502: toxiproxy-server is not on PATH, and its release is not fetched, .*Go 1\.25 or newer is expected.*\n$/,
  );
  assert.deepEqual(await readdir(cache), []);
});

test("npm test -- WORD runs the test files that have it in their path and nothing else, on a machine without a part.", async (t) => {
  const cache = await scratchFolder(t);
  const env = environment({ PATH: "", XDG_CACHE_HOME: cache });
  const { code, stdout } = await run(ROOT, ["test", "parts/version"], env);
  assert.equal(code, 0, stdout);
  assert.match(stdout, /^\ntests: 1 files\n/);
  assert.match(stdout, /^ℹ pass 15$/m);
  assert.deepEqual(await readdir(cache), []);
});

test("A test that asks for a part that cannot be installed fails with what to do, in CI and where there is no Docker engine.", async (t) => {
  const cache = await scratchFolder(t);
  const env = environment({ PATH: "", XDG_CACHE_HOME: cache });
  for (const CI of ["", "true"]) {
    const { code, stdout } = await run(ROOT, ["test", "simulator/reuse"], { ...env, CI });
    assert.equal(code, 1, stdout);
    assert.match(stdout, /^EnvironmentError: (haproxy|toxiproxy-server) is not on PATH[;,] /m);
  }
});

test("Where there is only a Docker engine it is skipped, with what to do.", { skip: fastLane }, async (t) => {
  const [docker] = await onPath("docker", process.env);
  if (docker === undefined || spawnSync(docker, ["version"]).status !== 0)
    return t.skip("no Docker engine answers here");
  const folder = await scratchFolder(t);
  await symlink(docker, join(folder, "docker"));
  const env = environment({ PATH: folder, XDG_CACHE_HOME: folder, CI: "" });
  const { code, stdout } = await run(ROOT, ["test", "simulator/reuse"], env);
  assert.equal(code, 0, stdout);
  assert.match(stdout, /# (haproxy|toxiproxy-server) is not on PATH[;,] .*with Docker neither is needed/);
  assert.match(stdout, /^ℹ pass 0$/m);
});

test("In the fast lane it is skipped, with the reason.", async () => {
  const { code, stdout } = await run(ROOT, ["test", "--fast", "simulator/reuse"], environment({}));
  assert.equal(code, 0, stdout);
  assert.match(stdout, /# ALB502_TEST_PARTS=none: haproxy, toxiproxy not asked for/);
  assert.match(stdout, /^ℹ pass 0$/m);
});

test("doctor --json prints one JSON object and nothing else, and says what each part is for.", async () => {
  const { code, stdout, stderr } = await run(ROOT, ["doctor", "--json"]);
  const { ok, parts } = JSON.parse(stdout) as { ok: boolean; parts: Record<string, string>[] };
  assert.equal(stderr, "");
  assert.equal(code, ok ? 0 : 2);
  const names = parts.map(({ name }) => name);
  assert.deepEqual(names, [
    "Node",
    "esbuild",
    "express",
    "typescript",
    "HAProxy",
    "k6",
    "Toxiproxy",
    "Go",
    "Docker",
    "tshark",
  ]);
  for (const part of parts) {
    assert.ok(part.purpose);
    assert.ok(part.status === "found" ? part.version && part.path : part.get, JSON.stringify(part));
  }
});

test("doctor says what is missing and exits 2 when the set-up cannot get it, installing nothing.", async (t) => {
  const cache = await scratchFolder(t);
  const { code, stdout } = await run(ROOT, ["doctor"], environment({ PATH: "", XDG_CACHE_HOME: cache }));
  assert.equal(code, 2);
  assert.match(stdout, /^k6 +- .*MISSING/m);
  assert.match(
    stdout,
    /^k6: k6 is not on PATH, and its release is not fetched, as ALB502_MIRROR is off; to build it, Go 1\.25 or newer/m,
  );
  assert.deepEqual(await readdir(cache), []);
});

test("doctor says where a release would be fetched, without a mirror's password, and that Go is not needed then.", async (t) => {
  const cache = await scratchFolder(t);
  const changes = { PATH: "", XDG_CACHE_HOME: cache, ALB502_MIRROR: "https://me:hunter2@mirror.example/github" };
  const { stdout } = await run(ROOT, ["doctor"], environment(changes));
  assert.match(stdout, /^k6 +- .*not there yet/m);
  assert.match(
    stdout,
    /^k6: k6 is not on PATH; 2\.\d\.\d will be fetched on first use from https:\/\/mirror\.example\/github\/grafana\/k6\/\S+ into \S+\/alb502$/m,
  );
  assert.match(stdout, /^Go: go is not on PATH; not needed$/m);
  assert.doesNotMatch(stdout, /hunter2/);
  assert.deepEqual(await readdir(cache), []);
});

test("A Node that is too old is refused in one line.", async (t) => {
  const clone = await freshClone(await scratchFolder(t));
  const file = join(clone, "package.json");
  // Here the clone asks for a Node that does not exist yet.
  await writeFile(file, (await readFile(file, "utf8")).replace(/"node": ">=[\d.]+"/, '"node": ">=99.1.0"'));
  const { code, stderr } = await run(clone, ["doctor"]);
  assert.equal(code, 2);
  assert.match(stderr, /^alb502: Node [\d.]+ at .* is too old, 99\.1 or newer is expected: .*\n$/);
});

test("The npm packages of a fresh clone are installed once, though two commands start side by side.", {
  skip: fastLane,
}, async (t) => {
  const clone = await freshClone(await scratchFolder(t));
  const both = await Promise.all([run(clone, ["doctor", "--help"]), run(clone, ["doctor", "--help"])]);
  const told = both.map(({ stderr }) => stderr).join("");
  assert.deepEqual(
    both.map(({ code }) => code),
    [0, 0],
    told,
  );
  assert.equal(told.match(/installing the npm packages/g)?.length, 1, told);
  const { stderr } = await run(clone, ["doctor", "--help"]);
  assert.equal(stderr, "", "the third finds them there");
  assert.ok(!(await readdir(clone)).includes(".setup-lock"));
});

test("After an interrupted set-up they are installed again, and no lock is left.", {
  skip: fastLane,
}, async (t) => {
  const clone = await freshClone(await scratchFolder(t));
  const first = start(clone, ["doctor", "--help"]);
  await once(first.child.stderr, "data");
  first.child.kill("SIGTERM");
  assert.equal((await first.ended).code, 130);
  assert.ok(!(await readdir(clone)).includes(".setup-lock"));
  const { code, stderr } = await run(clone, ["doctor", "--help"]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /^alb502: installing the npm packages .*\n$/);
});

test("npm's reason is shown when the packages cannot be installed: exit 2.", async (t) => {
  const clone = await freshClone(await scratchFolder(t));
  // Nobody listens on port 1, and an npm cache of its own holds nothing.
  const env = {
    npm_config_registry: "http://127.0.0.1:1",
    npm_config_fetch_retries: "0",
    npm_config_cache: join(clone, "npm"),
  };
  const { code, stderr } = await run(clone, ["doctor"], { ...process.env, ...env });
  assert.equal(code, 2);
  assert.match(stderr, /^alb502: npm ci ended with 1:\n(.*\n)*.*ECONNREFUSED/m);
  assert.doesNotMatch(stderr, /^ +at |error +at /m, "no stack trace");
});

/** What a clone has before anything is installed, as far as the doctor needs it. */
async function freshClone(folder: string): Promise<string> {
  const names = ["package.json", "package-lock.json", ".npmrc", "scripts", "src", "tools"];
  for (const name of names) await cp(join(ROOT, name), join(folder, name), { recursive: true });
  return folder;
}

function start(root: string, args: string[], env: NodeJS.ProcessEnv = process.env) {
  // node --test runs nothing inside of another's test file, which it knows by NODE_TEST_CONTEXT.
  const { NODE_TEST_CONTEXT, ...outside } = env;
  const child = spawn(process.execPath, [join(root, "scripts/run.mjs"), ...args], { env: outside });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, stdout, stderr }));
  return { child, ended };
}

const run = (root: string, args: string[], env?: NodeJS.ProcessEnv) => start(root, args, env).ended;
