import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { CommandLine } from "../../src/cli/command-line.ts";
import { checkCommandLine } from "../../src/command/check/options.ts";
import { demoCommandLine } from "../../src/command/demo/options.ts";
import { diagnoseCommandLine } from "../../src/command/diagnose/options.ts";
import { doctorCommandLine } from "../../src/command/doctor/options.ts";
import { installCommandLine } from "../../src/command/install/options.ts";
import { predictCommandLine } from "../../src/command/predict/options.ts";
import { probeCommandLine } from "../../src/command/probe/options.ts";
import { upCommandLine } from "../../src/command/up/options.ts";
import { scratchFolder } from "../parts/scratch.ts";
import { programOf } from "../program.ts";

const ROOT = join(import.meta.dirname, "../..");

/** Every command, and what its help says of its exit codes. */
const COMMANDS: Record<string, [line: CommandLine<unknown>, exitCodes: RegExp]> = {
  demo: [demoCommandLine, /0 reproduced .*, 1 not so, 2 usage .*, 3 inconclusive, 130 interrupted/s],
  probe: [probeCommandLine, /0 safe, 1 it can lose requests, 2 usage, .*, 3 inconclusive,\s130 interrupted/s],
  check: [checkCommandLine, /0 as expected, 1 not so .*, 2 usage .*, 3 inconclusive, 130 interrupted/s],
  up: [upCommandLine, /130 after Ctrl-C, .*; 2 usage .*, 3 a part died/s],
  diagnose: [
    diagnoseCommandLine,
    /0 the LB made no 5xx .*, 1 it did.*, 2 usage, .*, 3 no request .*, 130 interrupted/s,
  ],
  predict: [predictCommandLine, /0 predicted, 2 usage, 3 no request/],
  install: [installCommandLine, /0 when all parts are there, 2 when you have to get one, 130 interrupted/],
  doctor: [doctorCommandLine, /0 when the demo can run, .*; 2 when you have to get something/s],
};
const NAMES = Object.keys(COMMANDS);
/** npm's own `install` would run a script of that name in each clone. */
const scriptOf = (name: string): string => (name === "install" ? "parts" : name);
/** For work on the project itself. */
const SCRIPTS = ["build", "test", "bench", "matrix", "lab"];

describe("The commands", () => {
  it("are those of src/command and scripts/, in npm's list and in that of run.mjs, which starts each.", () => {
    const folders = readdirSync(join(ROOT, "src/command"), { withFileTypes: true }).filter((one) => one.isDirectory());
    assert.deepEqual(folders.map(({ name }) => name).sort(), [...NAMES].sort());
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    const { "test:chaos": chaos, prepack, ...others } = scripts;
    assert.match(chaos!, /test\/chaos\/main\.ts$/);
    assert.equal(prepack, scripts.build);
    assert.deepEqual(
      others,
      Object.fromEntries([...NAMES, ...SCRIPTS].map((name) => [scriptOf(name), `node scripts/run.mjs ${name}`])),
    );
    const listed = [...run().stdout.matchAll(/^ {2}(\w+) +\w/gm)].map(([, name]) => name);
    assert.deepEqual(listed, [...NAMES, ...SCRIPTS]);
  });

  it("predict tells people its number, on standard output.", () => {
    const { status, stdout, stderr } = run("predict", "--rate", "15/min");
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, /^About 1\.7 a day, 0 to 5 on 95 of 100 days: 1 in 13,000 requests\.$/m);
  });

  for (const name of SCRIPTS) {
    it(`${name} --help prints its usage: exit 0, nothing on standard error.`, () => {
      const { status, stdout, stderr } = run(name, "--help");
      assert.deepEqual([status, stderr], [0, ""]);
      assert.match(stdout, new RegExp(`^npm (run )?${name}\\b`));
    });
  }

  for (const [name, [line, exitCodes]] of Object.entries(COMMANDS)) {
    it(`${name} --help explains every option that it takes and every exit code, and makes nothing: exit 0.`, async (t) => {
      const out = join(await scratchFolder(t), "made");
      const { status, stdout, stderr } = run(name, "--help", "--out", out);
      assert.ok(!existsSync(out));
      assert.deepEqual([status, stderr], [0, ""]);
      assert.match(stdout, new RegExp(`^npm run ${scriptOf(name)} -- `));
      const explained = [...stdout.matchAll(/^ {2}--([\w-]+) /gm)].map(([, option]) => option);
      assert.deepEqual(explained.sort(), [...line.names].sort());
      assert.match(stdout, exitCodes);
      assert.deepEqual(
        stdout.split("\n").filter(({ length }) => length > 140),
        [],
        "lines of more than 140 characters",
      );
    });

    it(`${name} takes --out, --json and --help, and refuses an unknown option in one line: exit 2.`, () => {
      for (const option of ["out", "json", "help"]) assert.ok(line.names.includes(option), option);
      const { status, stdout, stderr } = run(name, "--jsno");
      assert.deepEqual([status, stdout], [2, ""]);
      assert.equal(stderr, `alb502: unknown option '--jsno'; npm run ${scriptOf(name)} -- --help lists the options\n`);
    });
  }
});

const run = (...args: string[]) =>
  spawnSync(process.execPath, [programOf(args[0] ?? ""), ...args], { encoding: "utf8" });
