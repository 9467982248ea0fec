import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Environment,
  readAimedOptions,
  readOrganicOptions,
  readSweepOptions,
} from "../../scenarios/lib/options.ts";

const url = "http://127.0.0.1:8080";
const withUrl = (env: Environment): Environment => ({ TARGET_BASE_URL: url, ...env });

test("The aimed scenario needs a target's URL only; the rest has defaults.", () => {
  assert.deepEqual(readAimedOptions(withUrl({})), {
    url,
    method: "GET",
    users: 20,
    rounds: 2,
    idleCloseMs: 6000,
    rttMs: 2,
    sweepMs: 3,
    spacingMs: 40,
    maxDurationS: 86_400,
    expect: "clean",
    harnessUrl: null,
    tokenFile: "",
    runName: "aimed",
  });
});

test("The sweep scenario needs a target's URL only; the rest has defaults.", () => {
  const { url: where, ...range } = readSweepOptions(withUrl({}));
  assert.equal(where, url);
  assert.deepEqual(range, { method: "GET", users: 20, fromMs: 5994, toMs: 6004, stepMs: 0.5, times: 2 });
});

test("Ordinary traffic sends for its duration, or so many requests of each user.", () => {
  assert.equal(readOrganicOptions(withUrl({})).requests, null);
  assert.equal(readOrganicOptions(withUrl({ REQUESTS: "" })).requests, null);
  assert.equal(readOrganicOptions(withUrl({ REQUESTS: "300" })).requests, 300);
});

test("An empty variable counts as unset: Compose passes one on that way.", () => {
  const empty = { METHOD: "", USERS: "", ROUNDS: "", IDLE_CLOSE_MS: "", RTT_MS: "", EXPECT: "", HARNESS_URL: "" };
  assert.deepEqual(readAimedOptions(withUrl(empty)), readAimedOptions(withUrl({})));
});

test("Every variable is read.", () => {
  const env = withUrl({
    METHOD: "POST",
    USERS: "7",
    ROUNDS: "3",
    IDLE_CLOSE_MS: "1200.5",
    RTT_MS: "0",
    SWEEP_MS: "1.5",
    SPACING_MS: "0",
    MAX_DURATION_S: "120",
    EXPECT: "lost",
    HARNESS_URL: "http://127.0.0.1:1",
    HARNESS_TOKEN_FILE: "/tmp/token",
    RUN_NAME: "before",
  });
  assert.deepEqual(readAimedOptions(env), {
    url,
    method: "POST",
    users: 7,
    rounds: 3,
    idleCloseMs: 1200.5,
    rttMs: 0,
    sweepMs: 1.5,
    spacingMs: 0,
    maxDurationS: 120,
    expect: "lost",
    harnessUrl: "http://127.0.0.1:1",
    tokenFile: "/tmp/token",
    runName: "before",
  });
});

type Reader = (env: Environment) => unknown;

const bad: [read: Reader, name: string, values: string[], expected: string][] = [
  [
    readAimedOptions,
    "TARGET_BASE_URL",
    ["", "127.0.0.1:8080", "ftp://host", "http://", "https:///path"],
    "an http(s) URL",
  ],
  [readAimedOptions, "METHOD", ["PUT", "get"], "GET or POST"],
  [readAimedOptions, "USERS", ["0", "-1", "1.5", "many", "1001"], "a whole number from 1 to 1000"],
  [readAimedOptions, "ROUNDS", ["0", "101", "two"], "a whole number from 1 to 100"],
  [readAimedOptions, "IDLE_CLOSE_MS", ["-1", "6s", "NaN", "Infinity"], "milliseconds, 0 or more"],
  [readAimedOptions, "RTT_MS", ["-1", "2ms"], "milliseconds, 0 or more"],
  [readAimedOptions, "SWEEP_MS", ["-1", "wide"], "milliseconds, 0 or more"],
  [readAimedOptions, "EXPECT", ["502"], "clean or lost"],
  [readOrganicOptions, "REQUESTS", ["0", "1.5", "all"], "a whole number from 1 to 1000000"],
  [readSweepOptions, "TARGET_BASE_URL", [""], "an http(s) URL"],
  [readSweepOptions, "METHOD", ["DELETE"], "GET or POST"],
  [readSweepOptions, "USERS", ["0"], "a whole number from 1 to 1000"],
  [readSweepOptions, "TIMES", ["0", "1001"], "a whole number from 1 to 1000"],
  [readSweepOptions, "FROM_MS", ["soon"], "milliseconds, 0 or more"],
  [readSweepOptions, "TO_MS", ["late"], "milliseconds, 0 or more"],
  [readSweepOptions, "TO_MS", ["5000"], "FROM_MS (5994) or more"],
  [readSweepOptions, "STEP_MS", ["small"], "milliseconds, 0 or more"],
  [readSweepOptions, "STEP_MS", ["0", "0.4"], "0.5 or more"],
];

for (const [read, name, values, expected] of bad) {
  for (const value of values) {
    test(`${name}="${value}" is refused in one line that names it (${read.name}).`, () => {
      const { message } = caught(() => read(withUrl({ [name]: value })));
      assert.ok(message.startsWith(`${name} is `), message);
      assert.ok(message.includes(value) && message.includes(`expected ${expected}`), message);
      assert.ok(!message.includes("\n"), message);
    });
  }
}

test("A refusal of a number or a choice says what could be given instead.", () => {
  assert.match(caught(() => readAimedOptions({})).message, /; add -e TARGET_BASE_URL=http:\S+$/);
  assert.match(caught(() => readAimedOptions(withUrl({ EXPECT: "502" }))).message, /; e\.g\. -e EXPECT=clean$/);
  assert.match(caught(() => readAimedOptions(withUrl({ USERS: "0" }))).message, /; e\.g\. -e USERS=20$/);
  assert.match(caught(() => readSweepOptions(withUrl({ TO_MS: "1" }))).message, /; e\.g\. -e TO_MS=6004$/);
});

function caught(read: () => unknown): Error {
  try {
    read();
  } catch (error) {
    return error as Error;
  }
  assert.fail("it was accepted");
}
