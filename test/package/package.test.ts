// npm test: quiet, since its demos have to meet closes that are kept back for 50 ms
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { z } from "zod";
import { installPackage } from "../../bench/package/installed.ts";
import { diagnosisSchema } from "../../src/diagnose/diagnosis.ts";
import { resultSchema } from "../../src/record/result.ts";
import { lineOf } from "../alb-log/samples.ts";
import { startApp } from "../command/check/target.ts";
import { dockerOrSkip } from "../docker/engine.ts";
import { startInDocker } from "../docker/start-in-docker.ts";
import { needs } from "../needs.ts";
import { endedCleanly, oneLine } from "../nothing-left.ts";
import { startCommand } from "../start-command.ts";

const native = await needs("haproxy", "k6", "toxiproxy");
const noDocker = await dockerOrSkip();

const scratch = await mkdtemp(join(tmpdir(), "alb502-package-"));
after(() => rm(scratch, { recursive: true, force: true }));
const { project, root, program, unpackedBytes } = await installPackage(scratch);
const inProject = { program, cwd: project };

const COMMANDS = (await readdir(join(import.meta.dirname, "../../src/command"), { withFileTypes: true }))
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

test("The package brings no other one along, runs nothing when it is installed, and imports only Node's modules.", async () => {
  assert.deepEqual(await readdir(join(project, "node_modules")), [".bin", ".package-lock.json", "alb502"]);
  const { scripts, dependencies, optionalDependencies, peerDependencies } = JSON.parse(
    await readFile(join(root, "package.json"), "utf8"),
  ) as Record<string, Record<string, string>>;
  assert.deepEqual([dependencies, optionalDependencies, peerDependencies], [undefined, undefined, undefined]);
  for (const name of ["preinstall", "install", "postinstall", "prepare"]) assert.ok(!(name in scripts!), name);
  const files = await readdir(root, { recursive: true });
  assert.deepEqual(
    files.filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts")),
    [],
  );
  const own = files.filter((file) => /^dist\/(alb502|index|chunks\/.*)\.js$/.test(file));
  assert.ok(own.length > 5);
  for (const file of own) {
    const text = await readFile(join(root, file), "utf8");
    for (const [, path] of text.matchAll(/\bimport(?:[\w\s{},*$]*?from)?\s*\(?"([^"]+)"/g))
      assert.match(path!, /^(node:|\.)/, file);
  }
  assert.ok(unpackedBytes < 4e6, `${unpackedBytes} bytes`);
});

test("Every file that the sources find by ROOT is in it.", async () => {
  const src = join(import.meta.dirname, "../../src");
  const sources = (await readdir(src, { recursive: true })).filter((file) => file.endsWith(".ts"));
  const texts = await Promise.all(sources.map((file) => readFile(join(src, file), "utf8")));
  const files = texts.flatMap((text) =>
    [...text.matchAll(/join\(ROOT, "([^"]+\.(?!ts")\w+)"\)/g)].map(([, file]) => file!),
  );
  assert.ok(files.length > 3, `${files}`);
  for (const file of files) await access(join(root, file));
});

test("The licence of everything that is bundled is in it, with ours.", async () => {
  const text = await readFile(join(root, "dist/THIRD-PARTY-LICENSES.txt"), "utf8");
  for (const name of ["zod", "express"]) assert.match(text, new RegExp(`^${name} [\\d.]+ \\(MIT\\)$`, "m"));
  assert.match(await readFile(join(root, "LICENSE"), "utf8"), /MIT/);
});

describe("In an empty folder", { concurrency: true }, () => {
  test("npx alb502 lists the commands as npx starts them, and none that is for work on alb502 itself.", async () => {
    const { code, stdout, stderr } = await run("npx", ["--offline", "alb502", "--help"]);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /^usage: npx alb502 COMMAND \[options\]/);
    const listed = [...stdout.matchAll(/^ {2}(\w+) +\w/gm)].map(([, name]) => name);
    assert.deepEqual(listed.sort(), COMMANDS.sort());
  });

  test("Every help and every hint says npx alb502, and nothing says npm run.", async () => {
    for (const name of COMMANDS) {
      const help = await run(program, [name, "--help"]);
      assert.deepEqual([help.code, help.stderr], [0, ""]);
      assert.match(help.stdout, new RegExp(`^npx alb502 ${name} (?!--? )`));
      assert.doesNotMatch(help.stdout, /npm run|npm -s|alb502 [a-z]+ -- /);
    }
    const hint = await run(program, ["check", "--lb-idel", "5s"]);
    assert.equal(hint.code, 2);
    assert.equal(hint.stderr, "alb502: unknown option '--lb-idel'; npx alb502 check --help lists the options\n");
    const unknown = await run(program, ["bench"]);
    assert.match(
      unknown.stderr,
      /^alb502: unknown command "bench": expected one of demo, .*; see npx alb502 --help\n$/,
    );
  });

  test("A hint at a page of the docs names a file that is there.", async () => {
    const broken = join(project, "broken.json");
    await writeFile(broken, '{ "targets": [] }');
    const { code, stderr } = await run(program, ["check", "--config", broken]);
    assert.equal(code, 2);
    const [, page] = /; (\S+\/docs\/config\.md) has/.exec(stderr) ?? [];
    await access(join(project, page ?? stderr));
  });

  test("What npm took for itself is named, with where it belongs.", async () => {
    const taken = await run(program, ["check", "3000"], { npm_config_lb_idle: "5s" });
    assert.equal(taken.code, 2);
    assert.match(
      oneLine({ ...taken, signal: null, atMs: 0 }),
      /npm took --lb-idle .*: npx alb502 check \.\.\. --lb-idle$/,
    );
  });

  test("The schemas in it accept what alb502 writes, and are found by their names.", async () => {
    const consumer = join(project, "schemas.mjs");
    await writeFile(
      consumer,
      `for (const name of ["result", "diagnosis"])
        console.log(import.meta.resolve("alb502/schema/" + name + ".json"));`,
    );
    const { stdout } = await run(process.execPath, [consumer]);
    assert.deepEqual(
      stdout.trim().split("\n"),
      ["result", "diagnosis"].map((name) => pathToFileURL(join(root, `schema/${name}.schema.json`)).href),
    );
  });

  test("diagnose sorts a log, in threads where that is worth while.", async () => {
    const lost = `${lineOf({ path: "/users/7" })}\n`;
    const good = `${lineOf({ times: "0.000 0.003 0.000", status: "200", targetStatus: "200" })}\n`;
    const logs = join(project, "logs");
    await mkdir(logs);
    // Stored, not compressed: counted as the ten times larger text that they would be, which is worth threads.
    const text = lost + good.repeat(Math.ceil(2.6e6 / good.length));
    for (const name of ["a", "b", "c", "d"])
      await writeFile(join(logs, `${name}.log.gz`), gzipSync(text, { level: 0 }));
    const { code, stdout, stderr } = await run(program, ["diagnose", "logs", "--json"]);
    assert.equal(code, 1, stderr);
    const diagnosis = diagnosisSchema.parse(JSON.parse(stdout));
    assert.deepEqual([diagnosis.verdict, diagnosis.input.files, diagnosis.errors.lb], ["race", 4, 4]);
    assert.match(diagnosis.causes[0]!.next, /npx alb502 probe, then npx alb502 check;/);
    await accepts("diagnosis", diagnosis);
  });

  test("probe finds when an app closes: exit 1.", async (t) => {
    const { url } = await startApp(t, 1000);
    const { code, stdout, stderr } = await run(program, ["probe", new URL(url).port, "--json"]);
    assert.equal(code, 1, stderr);
    assert.equal(resultSchema.parse(JSON.parse(stdout)).verdict, "vulnerable");
  });
});

// One after the other: each aims at an instant of milliseconds, and has processes enough of its own for two cores.
describe("In an empty folder", () => {
  native.test("check finds that an app loses requests: exit 1, with its report where one stands.", async (t) => {
    const { url } = await startApp(t, 1000);
    const below = join(project, "below");
    await mkdir(below);
    const check = await startCommand(t, "check", [url, "--out", "results"], { program, cwd: below });
    const { code, stdout, stderr } = await endedCleanly(check);
    assert.equal(code, 1, stdout + stderr);
    assert.match(stdout, /^LOST\. /m);
    const kept = (name: string) => readFile(join(below, "results", name), "utf8");
    const result = resultSchema.parse(JSON.parse(await kept("result.json")));
    assert.equal(result.settings.runtime, "native");
    await accepts("result", result);
    const report = await kept("report.html");
    assert.match(report, /npx alb502 check/);
    assert.match(report, /<style>\n\S/);
  });

  native.test("demo loses requests before the fix and none after: exit 0.", async (t) => {
    const demo = await startCommand(t, "demo", ["--json"], inProject);
    const { code, stdout, stderr } = await endedCleanly(demo);
    assert.equal(code, 0, stderr);
    assert.equal(resultSchema.parse(JSON.parse(stdout)).verdict, "reproduced");
  });

  test("demo does so in containers: exit 0.", { skip: noDocker }, async (t) => {
    const demo = await startInDocker(t, ["--json"], inProject);
    const { code, stdout, stderr } = await demo.endedCleanly();
    assert.equal(code, 0, stderr);
    const { verdict, settings } = resultSchema.parse(JSON.parse(stdout));
    assert.deepEqual([verdict, settings.runtime], ["reproduced", "docker"]);
  });

  test("check does so in containers: exit 1.", { skip: noDocker }, async (t) => {
    const { url } = await startApp(t, 1000);
    const check = await startInDocker(t, [url, "--json"], { command: "check", ...inProject });
    const { code, stdout, stderr } = await check.endedCleanly();
    assert.equal(code, 1, stderr);
    assert.equal(resultSchema.parse(JSON.parse(stdout)).verdict, "lost");
  });
});

/** Asserts that a schema of the package takes the value, and not one without its first field. */
async function accepts(name: string, value: object): Promise<void> {
  const schema = z.fromJSONSchema(JSON.parse(await readFile(join(root, `schema/${name}.schema.json`), "utf8")));
  const { error } = schema.safeParse(value);
  assert.equal(error, undefined);
  const { schema: _, ...less } = value as { schema: string };
  assert.equal(schema.safeParse(less).success, false);
}

async function run(command: string, args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(command, args, { cwd: project, env: { ...outsideOfNpm(), ...env } });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout, stderr };
}

/** These tests may be run by npm, and somebody's project is not. */
const outsideOfNpm = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("npm_") && name !== "INIT_CWD"));
