import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { it } from "node:test";

const WRONG: Record<string, [option: string, value: string]> = {
  "hit-rate": ["--duration", "2h"],
  "first-502": ["--repeats", "0"],
  consistency: ["--short", "many"],
  "no-false-alarm": ["--stages", "9"],
  cost: ["--time", "5"],
  targets: ["--max-wait", "1h"],
  diagnose: ["--size", "none"],
};

it("lists the measurements when none is named", () => {
  const { status, stdout, stderr } = bench();
  assert.equal(status, 0);
  assert.equal(stderr, "");
  for (const name of Object.keys(WRONG)) assert.match(stdout, new RegExp(`^  ${name} +\\w`, "m"));
});

it("names an unknown measurement and those there are, exit 2", () => {
  const { status, stdout, stderr } = bench("hitrate");
  assert.equal(status, 2);
  assert.equal(stdout, "");
  assert.match(stderr, /^alb502: there is no measurement "hitrate", expected one of hit-rate, first-502, .*\n$/);
});

for (const [name, [option, value]] of Object.entries(WRONG)) {
  it(`says what ${name} measures, and refuses ${option} ${value} before anything starts`, () => {
    const help = bench(name, "--help");
    assert.equal(help.status, 0);
    assert.match(help.stdout, new RegExp(`^npm run bench ${name} -- \\[options\\]: .*\\?\n`));
    const { status, stdout, stderr } = bench(name, option, value);
    assert.equal(status, 2);
    assert.equal(stdout, "");
    assert.match(stderr, new RegExp(`^alb502: ${option} is "${value}", expected .*\n$`));
  });
}

it("says how to list the options after an unknown one", () => {
  const { status, stderr } = bench("cost", "--pases", "3");
  assert.equal(status, 2);
  assert.equal(stderr, "alb502: unknown option '--pases'; npm run bench cost -- --help lists the options\n");
});

const bench = (...args: string[]) =>
  spawnSync(process.execPath, [join(import.meta.dirname, "../../scripts/run.mjs"), "bench", ...args], {
    encoding: "utf8",
  });
