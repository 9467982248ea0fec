import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, it } from "node:test";
import { main } from "../../scripts/bench.ts";
import { BENCH } from "../program.ts";

const WRONG: Record<string, [option: string, value: string]> = {
  "hit-rate": ["--duration", "2h"],
  "first-502": ["--repeats", "0"],
  "demo-time": ["--repeats", "51"],
  consistency: ["--short", "many"],
  "no-false-alarm": ["--stages", "9"],
  footprint: ["--lb-idle", "1h"],
  cost: ["--time", "1x"],
  model: ["--users", "none"],
  segments: ["--processes", "1"],
  targets: ["--max-wait", "1h"],
  diagnose: ["--size", "none"],
  "ci-job": ["--repeats", "0"],
  package: ["--repeats", "4"],
  "package-walk": ["--parts", "boat"],
};

describe("npm run bench", { concurrency: 2 }, () => {
  it("lists the measurements when none is named.", async () => {
    const { status, stdout, stderr } = await bench(NPM);
    assert.equal(status, 0);
    assert.equal(stderr, "");
    for (const name of Object.keys(WRONG)) assert.match(stdout, new RegExp(`^  ${name} +\\w`, "m"));
  });

  it("names an unknown measurement and those there are: exit 2.", async () => {
    const { status, stdout, stderr } = await bench(NPM, "hitrate");
    assert.equal(status, 2);
    assert.equal(stdout, "");
    assert.match(stderr, /^alb502: there is no measurement "hitrate", expected one of hit-rate, first-502, .*\n$/);
  });

  for (const [name, [option, value]] of Object.entries(WRONG)) {
    it(`says what ${name} measures, and refuses ${option} ${value} before anything starts.`, async () => {
      const help = await bench(BENCH, name, "--help");
      assert.equal(help.status, 0);
      assert.match(help.stdout, new RegExp(`^npm run bench ${name} -- \\[options\\]: .*\\?\n`));
      await assert.rejects(main([name, option, value]), (error: Error) => {
        assert.equal(error.name, "UsageError");
        return error.message.startsWith(`${option} is "${value}", expected `);
      });
    });
  }

  for (const name of ["hit-rate", "first-502", "consistency", "no-false-alarm"]) {
    it(`aims with ${name} at the close or by the clock, and in no other way.`, async () => {
      const { stdout } = await bench(BENCH, name, "--help");
      assert.match(stdout, /^ {2}--aim WHAT +close: .* clock: /ms);
      await assert.rejects(main([name, "--aim", "luck"]), {
        name: "UsageError",
        message: '--aim is "luck", expected close or clock; e.g. --aim close',
      });
    });
  }

  it("says how to list the options after an unknown one.", async () => {
    await assert.rejects(main(["cost", "--pases", "3"]), {
      name: "UsageError",
      message: "unknown option '--pases'; npm run bench cost -- --help lists the options",
    });
  });
});

/** As `npm run bench` starts it. */
const NPM = [join(import.meta.dirname, "../../scripts/run.mjs"), "bench"];

async function bench(program: readonly string[], ...args: string[]) {
  const child = spawn(process.execPath, [...program, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { status: status as number | null, stdout, stderr };
}
