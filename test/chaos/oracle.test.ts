import assert from "node:assert/strict";
import { describe, it, test } from "node:test";
import type { Fault, Outcome, Target, Truth } from "./fault.ts";
import { judge, rightFor } from "./oracle.ts";
import type { Seen } from "./play.ts";

const target = (truth: Truth): Target => ({ what: "an app", behaves: { idleMs: 1000 }, truth });

const faultOf = (more: Partial<Fault> = {}): Fault => ({
  name: "nothing",
  command: "check",
  target: target("loses"),
  args: [],
  allowed: ["lost", "inconclusive"],
  ...more,
});

const seenOf = (more: Partial<Seen> = {}): Seen => ({
  code: 3,
  signal: null,
  stdout: JSON.stringify({ verdict: "inconclusive" }),
  stderr: "",
  tookMs: 5000,
  done: 0,
  hung: false,
  left: [],
  kept: null,
  ...more,
});

const says = (verdict: string, code: number) => ({ stdout: JSON.stringify({ verdict }), code });

const kindsOf = (fault: Partial<Fault>, seen: Partial<Seen>) =>
  judge(faultOf(fault), seenOf(seen)).findings.map(({ kind }) => kind);

describe("A verdict", () => {
  const wrong: [Fault["command"], Truth, string, number][] = [
    ["check", "loses", "clean", 0],
    ["check", "keeps", "lost", 1],
    ["check", "keeps", "vulnerable", 1],
    ["check", "unknowable", "clean", 0],
    ["check", "unknowable", "lost", 1],
    ["probe", "loses", "safe", 0],
    ["probe", "keeps", "vulnerable", 1],
    ["demo", "loses", "not-reproduced", 1],
    ["diagnose", "loses", "clean", 0],
    ["diagnose", "keeps", "race", 1],
  ];
  for (const [command, truth, verdict, code] of wrong) {
    it(`of ${command} is wrong where it says ${verdict} and the truth is ${truth}, whatever the fault allows.`, () => {
      const fault = { command, target: target(truth), allowed: [verdict as Outcome] };
      assert.deepEqual(kindsOf(fault, says(verdict, code)), ["wrong verdict"]);
    });
  }

  it("is right where it says what is true, and that is allowed.", () => {
    assert.deepEqual(kindsOf({}, says("lost", 1)), []);
    assert.deepEqual(kindsOf({ target: target("keeps"), allowed: rightFor("check", "keeps") }, says("clean", 0)), []);
    assert.deepEqual(kindsOf({ target: target("either"), allowed: ["lost"] }, says("lost", 1)), []);
  });

  it("that is true but not allowed is an unexpected end, as is one that no command gives.", () => {
    assert.deepEqual(kindsOf({ allowed: ["inconclusive"] }, says("lost", 1)), ["unexpected end"]);
    assert.deepEqual(kindsOf({ target: target("either") }, says("fine", 0)), ["unexpected end", "disagreement"]);
  });

  it("is allowed where the fault came too late to be done.", () => {
    const deeds: Fault["deeds"] = [
      { when: "idle", afterMs: 0, what: { do: "signal", signal: "SIGKILL", to: "k6" } },
      { when: "idle", afterMs: 0, what: { do: "signal", signal: "SIGKILL", to: "k6" } },
    ];
    const died = { deeds, allowed: ["inconclusive"] as const };
    assert.deepEqual(kindsOf(died, { ...says("lost", 1), done: 1 }), []);
    assert.deepEqual(kindsOf(died, { ...says("lost", 1), done: 2 }), ["unexpected end"]);
  });

  it("has to go with its exit code, and with what --out kept.", () => {
    assert.deepEqual(kindsOf({}, says("inconclusive", 1)), ["disagreement"]);
    assert.deepEqual(kindsOf({}, { ...says("lost", 1), kept: '{"verdict":"lost"}' }), []);
    assert.deepEqual(kindsOf({}, { ...says("lost", 1), kept: '{"verdict":"inconclusive"}' }), ["disagreement"]);
    assert.deepEqual(kindsOf({}, { ...says("lost", 1), kept: '{"verdict":' }), ["disagreement"]);
    assert.deepEqual(kindsOf({}, { code: 2, stdout: "", stderr: "alb502: no\n", kept: '{"verdict":"clean"}' }), [
      "unexpected end",
      "wrong verdict",
    ]);
  });

  it("is known by the exit code alone where standard output was lost.", () => {
    const mute = { around: { mute: true } };
    assert.equal(judge(faultOf(mute), seenOf({ code: 1, stdout: "" })).outcome, "lost");
    assert.deepEqual(kindsOf(mute, { code: 0, stdout: "" }), ["wrong verdict"]);
    assert.deepEqual(kindsOf({ ...mute, allowed: ["refused"] }, { code: 2, stdout: "" }), []);
  });
});

test("An exit code that no command has is found, as is an end by a signal.", () => {
  assert.equal(judge(faultOf(), seenOf({ code: 134 })).outcome, "exit 134");
  assert.deepEqual(kindsOf({}, { code: 134 }), ["unexpected end"]);
  assert.deepEqual(kindsOf({}, { code: null, signal: "SIGSEGV" }), ["unexpected end"]);
  assert.deepEqual(kindsOf({ allowed: ["killed"] }, { code: null, signal: "SIGKILL", stdout: "" }), []);
});

test("A run that does not end is a hang, and what it leaves behind is named.", () => {
  const hung = { hung: true, code: null, signal: "SIGKILL" as const, stdout: "" };
  assert.deepEqual(kindsOf({}, hung), ["hang"]);
  assert.deepEqual(kindsOf({}, { ...hung, left: ["process 7: haproxy", "in TMPDIR: alb502-abcdef"] }), [
    "hang",
    "leftover",
    "leftover",
  ]);
  assert.deepEqual(kindsOf({}, { stderr: "left: alb502-abcdef\n" }), ["leftover"]);
});

test("A stack trace, a warning of Node's and an end without a reason are found.", () => {
  assert.deepEqual(kindsOf({}, { stderr: "RangeError: too deep\n    at readTrailer (file:///a.ts:56:9)\n" }), [
    "stack trace",
  ]);
  assert.deepEqual(kindsOf({}, { stderr: "(node:7) MaxListenersExceededWarning: leak\n" }), ["stack trace"]);
  assert.deepEqual(kindsOf({}, { code: 1, stdout: "" }), ["no reason"]);
  const refused = { code: 2, stdout: "" };
  assert.deepEqual(kindsOf({ allowed: ["refused"] }, refused), ["no reason"]);
  assert.deepEqual(kindsOf({ allowed: ["refused"] }, { ...refused, stderr: "alb502: nothing listens there\n" }), []);
});
