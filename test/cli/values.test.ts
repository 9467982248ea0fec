import assert from "node:assert/strict";
import { test } from "node:test";
import { duration, parseChoice, parseDurationMs, parseWholeNumber, quoted } from "../../src/cli/values.ts";
import { UsageError } from "../../src/run/exit.ts";

const SECOND_TO_HOUR = { minMs: 1000, maxMs: 3_600_000, example: "60s" };

test("A duration is a number with its unit, in ms; 0 needs none.", () => {
  const any = { minMs: 0, maxMs: Number.MAX_SAFE_INTEGER, example: "60s" };
  const durations = { "500ms": 500, "60s": 60_000, "2m": 120_000, "1.5s": 1500, "0.5ms": 0.5, "0s": 0, "0": 0 };
  for (const [text, ms] of Object.entries(durations)) assert.equal(parseDurationMs("--max-wait", text, any), ms, text);
});

test("A duration may be at its bounds, but not beyond them.", () => {
  const read = (text: string) => parseDurationMs("--lb-idle", text, SECOND_TO_HOUR);
  assert.deepEqual([read("1s"), read("1000ms"), read("60m")], [1000, 1000, 3_600_000]);
  for (const text of ["999ms", "0", "3600.1s", "61m", `${"9".repeat(400)}s`])
    assert.throws(() => read(text), UsageError);
});

test("A value that is not a duration is named with its option, the bounds and an example.", () => {
  for (const text of ["", " 60s", "60 s", "60S", "-1s", "1e3s", ".5s", "5.s", "60h", "NaNs", "Infinityms", "60s5"]) {
    assert.throws(() => parseDurationMs("--lb-idle", text, SECOND_TO_HOUR), {
      name: "UsageError",
      message: `--lb-idle is "${text}", expected a duration from 1s to 3600s; e.g. --lb-idle 60s`,
    });
  }
});

test("A duration without its unit is asked for it, with the number that was given.", () => {
  const refused = (text: string) => {
    try {
      parseDurationMs("--lb-idle", text, SECOND_TO_HOUR);
    } catch (error) {
      return (error as Error).message;
    }
  };
  assert.equal(
    refused("20"),
    '--lb-idle is "20" without a unit, expected a duration from 1s to 3600s; e.g. --lb-idle 20s',
  );
  assert.match(refused("60000")!, /without a unit.*e\.g\. --lb-idle 60s$/);
});

test("What an error quotes is one line without control characters, and is cut.", () => {
  assert.equal(quoted("a\n\u001b[31m\u202e"), '"a??[31m?"');
  assert.equal(quoted("x".repeat(500)).length, 205);
});

test("A duration that was formatted reads back as the same number of ms.", () => {
  const any = { minMs: 0, maxMs: Number.MAX_SAFE_INTEGER, example: "60s" };
  assert.deepEqual([0, 1, 999, 1000, 1500, 60_000].map(duration), ["0ms", "1ms", "999ms", "1s", "1500ms", "60s"]);
  for (let ms = 0; ms < 10_000; ms += 7) assert.equal(parseDurationMs("--rtt", duration(ms), any), ms);
});

test("A whole number is digits alone, from the least to the most.", () => {
  const read = (text: string) => parseWholeNumber("--nodes", text, { min: 1, max: 200 });
  assert.deepEqual(["1", "20", "200", "007"].map(read), [1, 20, 200, 7]);
  for (const text of ["0", "201", "", "-1", "+1", "1.0", "1e2", "0x10", " 1", "1 ", "one", "9".repeat(100)]) {
    assert.throws(() => read(text), {
      name: "UsageError",
      message: `--nodes is "${text}", expected a whole number from 1 to 200; e.g. --nodes 1`,
    });
  }
});

test("A choice is one of the listed ones, spelled exactly.", () => {
  const choices = ["65s", "61s", "lb-4s"] as const;
  for (const choice of choices) assert.equal(parseChoice("--fix", choice, choices), choice);
  for (const text of ["", "65", "LB-4S", "65s ", "lb"]) {
    assert.throws(() => parseChoice("--fix", text, choices), {
      name: "UsageError",
      message: `--fix is "${text}", expected 65s or 61s or lb-4s; e.g. --fix 65s`,
    });
  }
});
