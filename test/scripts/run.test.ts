import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { it } from "node:test";
import { findPart } from "../../src/parts/find-part.ts";
import { environment, scratchFolder } from "../parts/scratch.ts";

const ROOT = join(import.meta.dirname, "../..");

it("lists the commands when none is named", async () => {
  const { code, stdout, stderr } = await run(ROOT, []);
  assert.equal(code, 0);
  assert.equal(stderr, "");
  for (const name of ["demo", "probe", "check", "up", "diagnose", "doctor", "build", "test", "bench"])
    assert.match(stdout, new RegExp(`^  ${name} +\\w`, "m"));
});

it("names an unknown command and those there are, exit 2", async () => {
  const { code, stderr } = await run(ROOT, ["dmo"]);
  assert.equal(code, 2);
  assert.equal(
    stderr,
    'alb502: unknown command "dmo": expected one of demo, probe, check, up, diagnose, doctor, build, test, bench; see npm run\n',
  );
});

it("prints a user's mistake as one line, exit 2", async () => {
  const { code, stdout, stderr } = await run(ROOT, ["doctor", "--jsno"]);
  assert.equal(code, 2);
  assert.equal(stdout, "");
  assert.equal(stderr, "alb502: unknown option '--jsno'; npm run doctor -- --help lists the options\n");
});

it("says in one line that a part cannot be had, before any test runs", async (t) => {
  const cache = await scratchFolder(t);
  const haproxy = await findPart("haproxy");
  assert.ok("path" in haproxy);
  const env = environment({ PATH: "", XDG_CACHE_HOME: cache, ALB502_HAPROXY: haproxy.path });
  const { code, stdout, stderr } = await run(ROOT, ["test", "parts/version"], env);
  assert.equal(code, 2);
  assert.equal(stdout, "");
  assert.match(stderr, /^alb502: toxiproxy-server is not on PATH; .*Go 1\.25 or newer is expected.*\n$/);
  assert.deepEqual(await readdir(cache), []);
});

it("doctor --json prints one JSON object and nothing else, and says what each part is for", async () => {
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

it("doctor says what is missing and exits 2 when the set-up cannot get it, installing nothing", async (t) => {
  const cache = await scratchFolder(t);
  const { code, stdout } = await run(ROOT, ["doctor"], environment({ PATH: "", XDG_CACHE_HOME: cache }));
  assert.equal(code, 2);
  assert.match(stdout, /^k6 +- .*MISSING/m);
  assert.match(stdout, /^k6: k6 is not on PATH; to build it, Go 1\.25 or newer/m);
  assert.deepEqual(await readdir(cache), []);
});

it("refuses a Node that is too old, in one line", async (t) => {
  const clone = await freshClone(await scratchFolder(t));
  const file = join(clone, "package.json");
  // The other way round: the clone asks for a Node that is not out yet.
  await writeFile(file, (await readFile(file, "utf8")).replace(/"node": ">=[\d.]+"/, '"node": ">=99.1.0"'));
  const { code, stderr } = await run(clone, ["doctor"]);
  assert.equal(code, 2);
  assert.match(stderr, /^alb502: Node [\d.]+ at .* is too old, 99\.1 or newer is expected: .*\n$/);
});

it("installs the npm packages of a fresh clone once, though two commands start side by side", async (t) => {
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

it("installs anew after a set-up that was interrupted, and leaves no lock", async (t) => {
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

it("tells npm's reason when the packages cannot be had, exit 2", async (t) => {
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
  const child = spawn(process.execPath, [join(root, "scripts/run.mjs"), ...args], { env });
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
