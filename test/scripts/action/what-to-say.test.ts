import assert from "node:assert/strict";
import { test } from "node:test";
import { type Finding, ofResult } from "../../../scripts/action/found.ts";
import { type Comment, type Place, whatToSay } from "../../../scripts/action/what-to-say.ts";
import type { Result } from "../../../src/record/result.ts";
import { exampleResult } from "../../report/example.ts";

const PLACE: Place = { key: "a1b2", commit: "0123abc", runUrl: "https://github.example/o/r/actions/runs/7" };

test("The first clean verdict of a pull request is no news; the first loss is, with its fix.", () => {
  assert.deepEqual(whatToSay({ "": found("clean") }, [], PLACE), { do: "nothing", why: "all is as expected" });
  const advice = { headline: "Raise it to 65 s", lines: ["server.keepAliveTimeout = 65000;"], source: "docs" };
  const said = whatToSay({ "": found("lost", { advice }) }, [], PLACE);
  assert.equal(said.do, "create");
  assert.match(bodyOf(said), /^<!-- alb502:a1b2 =lost -->\n\n### alb502: lost\n\nNode .* were lost\.\n\n\*\*Raise it/);
  assert.match(
    bodyOf(said),
    /Checked at 0123abc: \[log and report\]\(https:\/\/github\.example\/o\/r\/actions\/runs\/7\)/,
  );
});

test("The same verdict is said once; another one updates the comment, and names the earlier one.", () => {
  const first = comment(1, bodyOf(whatToSay({ "": found("lost") }, [], PLACE)));
  assert.equal(whatToSay({ "": found("lost") }, [first], { ...PLACE, commit: "456" }).do, "nothing");
  const second = whatToSay({ "": found("clean") }, [first], PLACE);
  assert.deepEqual([second.do, second.do === "update" && second.id], ["update", 1]);
  assert.match(bodyOf(second), /### alb502: clean \(was lost\)/);
  const third = whatToSay({ "": found("inconclusive") }, [comment(1, bodyOf(second))], PLACE);
  assert.match(bodyOf(third), /### alb502: inconclusive \(was clean\)/);
});

test("A loss that was asked for, with --expect lost, is as expected; nothing measured never is.", () => {
  const asked = found("lost", { settings: { ...check("lost").settings, expect: "lost" } });
  assert.equal(whatToSay({ "": asked }, [], PLACE).do, "nothing");
  assert.equal(whatToSay({ "": found("inconclusive") }, [], PLACE).do, "create");
});

test("Comments of others, and of another check, are left alone.", () => {
  const other = bodyOf(whatToSay({ "": found("lost") }, [], { ...PLACE, key: "c3d4" }));
  const quoting = `> ${bodyOf(whatToSay({ "": found("lost") }, [], PLACE))}`;
  const comments = [comment(1, other), comment(2, quoting), comment(3, "LGTM"), comment(4, "<!-- alb502: -->")];
  assert.equal(whatToSay({ "": found("lost") }, comments, PLACE).do, "create");
});

test("Several targets share a comment, which is news as soon as one of them changes.", () => {
  const before = whatToSay({ api: found("clean"), web: found("lost") }, [], PLACE);
  const there = comment(9, bodyOf(before));
  assert.match(there.body, /^<!-- alb502:a1b2 api=clean&web=lost -->/);
  assert.equal(whatToSay({ web: found("lost"), api: found("clean") }, [there], PLACE).do, "nothing");
  const after = bodyOf(whatToSay({ api: found("clean"), web: found("clean") }, [there], PLACE));
  assert.match(after, /### alb502 api: clean\n[\s\S]*### alb502 web: clean \(was lost\)\n/);
});

test("What an app or a target's name says neither calls people, nor ends the marker, nor is markup.", () => {
  const result = check("lost");
  result.runs[0]!.target.description = "@everyone <img src=x> --> | `rm`";
  const body = bodyOf(whatToSay({ "a --> b@c": ofResult(result) }, [], PLACE));
  assert.match(body, /^<!-- alb502:a1b2 a\+--%3E\+b%40c=lost -->\n/);
  assert.doesNotMatch(body, /@\w/);
  assert.doesNotMatch(body, /[^\\]<img/);
});

const comment = (id: number, body: string): Comment => ({ id, body });

const bodyOf = (said: ReturnType<typeof whatToSay>): string => (said.do === "nothing" ? "" : said.body);

function check(verdict: "lost" | "clean" | "inconclusive"): Result {
  const example = exampleResult();
  return { ...example, command: "check", verdict, runs: [{ ...example.runs[0]!, verdict }], comparison: null };
}

const found = (verdict: Parameters<typeof check>[0], changes: Partial<Result> = {}): Finding =>
  ofResult({ ...check(verdict), ...changes });
