import assert from "node:assert/strict";
import { resolve } from "node:path";
import { test } from "node:test";
import { parseRuntime } from "../../../src/cli/runtime-option.ts";
import { demoCommandLine } from "../../../src/command/demo/options.ts";
import { UsageError } from "../../../src/run/exit.ts";

delete process.env.ALB502_RUNTIME; // the defaults are looked at

test("Nothing given means an ALB's 60 s, 2 ms to the target, 20 nodes, one round of GET at the close, the 65 s fix, nothing kept.", () => {
  assert.deepEqual(demoCommandLine.parse([]), {
    json: false,
    out: null,
    lbIdleMs: 60_000,
    rttMs: 2,
    fix: "65s",
    nodes: 20,
    rounds: 1,
    aim: "close",
    method: "GET",
    port: null,
    runtime: "auto",
    node: null,
    k6Dashboard: false,
  });
});

test("Every option is read.", () => {
  const argv =
    "--lb-idle 1.5m --rtt 0 --fix lb-4s --nodes 7 --rounds 3 --aim clock --method POST --port 9000 --out DIR --json";
  const more = ["--runtime", "docker", "--node", "22", "--k6-dashboard"];
  assert.deepEqual(demoCommandLine.parse([...argv.split(" "), ...more]), {
    json: true,
    out: resolve("DIR"),
    lbIdleMs: 90_000,
    rttMs: 0,
    fix: "lb-4s",
    nodes: 7,
    rounds: 3,
    aim: "clock",
    method: "POST",
    port: 9000,
    runtime: "docker",
    node: "22",
    k6Dashboard: true,
  });
});

test("By the clock two rounds are the default: the first one looks for the window's edges.", () => {
  assert.equal(demoCommandLine.parse(["--aim", "clock"])!.rounds, 2);
});

test("ALB502_RUNTIME is the default of --runtime, and named where it is wrong.", () => {
  assert.equal(parseRuntime(undefined, { ALB502_RUNTIME: "native" }), "native");
  assert.equal(parseRuntime("docker", { ALB502_RUNTIME: "native" }), "docker");
  assert.equal(parseRuntime(undefined, {}), "auto");
  assert.throws(() => parseRuntime(undefined, { ALB502_RUNTIME: "podman" }), {
    message: 'ALB502_RUNTIME is "podman", expected auto or docker or native; unset it, or give --runtime',
  });
});

const hint = /; npm run demo -- --help lists the options$/;

const bad: [argv: string[], line: RegExp, next?: RegExp][] = [
  [["--fast"], /^unknown option '--fast'/, hint],
  [["now"], /^unexpected argument 'now'/, hint],
  [["--out"], /^option '--out <value>' argument missing/, hint],
  [["--rtt", "--json"], /^--rtt has no value, but an option after it/, hint],
  [["--json=yes"], /^option '--json' does not take an argument/, hint],
  [["--lb-idle", "60"], /^--lb-idle is "60" without a unit, expected a duration from 1s to 4000s/],
  [["--lb-idle", "a minute"], /^--lb-idle is "a minute", expected a duration/],
  [["--lb-idle", ""], /^--lb-idle is "", expected a duration/],
  [["--lb-idle", "999ms"], /^--lb-idle is "999ms", expected a duration from 1s/],
  [["--lb-idle", "4001s"], /^--lb-idle is "4001s", expected a duration from 1s to 4000s/],
  [["--lb-idle=-5s"], /^--lb-idle is "-5s", expected a duration/],
  [["--rtt", "2m"], /^--rtt is "2m", expected a duration from 0ms to 1s/],
  [["--rtt", "1.5ms"], /^--rtt is "1\.5ms", expected whole milliseconds/],
  [["--fix", "70s"], /^--fix is "70s", expected 65s or 61s or lb-4s/],
  [["--fix", "toString"], /^--fix is "toString", expected 65s or/],
  [["--method", "PUT"], /^--method is "PUT", expected GET or POST/],
  [["--nodes", "0"], /^--nodes is "0", expected a whole number from 1 to 100/],
  [["--nodes", "1e1"], /^--nodes is "1e1", expected a whole number/],
  [["--rounds", "two"], /^--rounds is "two", expected a whole number from 1 to 100/],
  [["--runtime", "podman"], /^--runtime is "podman", expected auto or docker or native/],
  [
    ["--node", "12"],
    /^--node is "12", expected one of 18, 20, 22, 24, 26, 20\.0, as the target's Express 5 needs Node 18/,
    /npm run matrix/,
  ],
  [["--node", "19"], /^--node is "19", expected one of 8, /],
  [["--port", "80"], /^--port is "80", expected a whole number from 1024 to 65534/],
  [["--port", "65535"], /^--port is "65535", expected a whole number/],
  [["--fix", "65s", "--lb-idle", "120s"], /^--fix 65s does not work with --lb-idle 120s: /, /or --fix lb-4s$/],
  [["--fix", "61s", "--lb-idle", "61s"], /^--fix 61s does not work with --lb-idle 61s: /, /or --fix lb-4s$/],
];

for (const [argv, line, next = new RegExp(`; e\\.g\\. ${argv[0]!.split("=")[0]} \\S+$`)] of bad) {
  test(`${argv.join(" ")} is refused in one line that names it and says what to do.`, () => {
    assert.throws(
      () => demoCommandLine.parse(argv),
      (error) => {
        assert.ok(error instanceof UsageError);
        assert.match(error.message, line);
        assert.match(error.message, next);
        assert.ok(!error.message.includes("\n"));
        return true;
      },
    );
  });
}

test("--k6-dashboard needs a folder to be kept in.", () => {
  assert.throws(() => demoCommandLine.parse(["--k6-dashboard"]), {
    message: "--k6-dashboard is kept in --out's folder, expected one; add --out DIR",
  });
});
