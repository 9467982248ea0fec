import assert from "node:assert/strict";
import { test } from "node:test";
import { type Comment, type Place, whatToSay } from "../../../scripts/action/what-to-say.ts";
import type { Result } from "../../../src/record/result.ts";
import { exampleResult } from "../../report/example.ts";

const PLACE: Place = { key: "a1b2", commit: "0123abc", runUrl: "https://github.example/o/r/actions/runs/7" };

test("The first clean verdict of a pull request is no news; the first loss is, with its fix.", () => {
  assert.deepEqual(whatToSay({ "": check("clean") }, [], PLACE), { do: "nothing", why: "all is as expected" });
  const advice = { headline: "Raise it to 65 s", lines: ["server.keepAliveTimeout = 65000;"], source: "docs" };
  const said = whatToSay({ "": { ...check("lost"), advice } }, [], PLACE);
  assert.equal(said.do, "create");
  assert.match(bodyOf(said), /^<!-- alb502:a1b2 =lost -->\n\n### alb502: lost\n\nNode .* were lost\.\n\n\*\*Raise it/);
  assert.match(
    bodyOf(said),
    /Checked at 0123abc: \[log and report\]\(https:\/\/github\.example\/o\/r\/actions\/runs\/7\)/,
  );
});

test("The same verdict is said once; another one updates the comment, and names the earlier one.", () => {
  const first = comment(1, bodyOf(whatToSay({ "": check("lost") }, [], PLACE)));
  assert.equal(whatToSay({ "": check("lost") }, [first], { ...PLACE, commit: "456" }).do, "nothing");
  const second = whatToSay({ "": check("clean") }, [first], PLACE);
  assert.deepEqual([second.do, second.do === "update" && second.id], ["update", 1]);
  assert.match(bodyOf(second), /### alb502: clean \(was lost\)/);
  const third = whatToSay({ "": check("inconclusive") }, [comment(1, bodyOf(second))], PLACE);
  assert.match(bodyOf(third), /### alb502: inconclusive \(was clean\)/);
});

test("A loss that was asked for, with --expect lost, is as expected; nothing measured never is.", () => {
  const result = check("lost");
  const asked = { ...result, settings: { ...result.settings, expect: "lost" } };
  assert.equal(whatToSay({ "": asked }, [], PLACE).do, "nothing");
  assert.equal(whatToSay({ "": check("inconclusive") }, [], PLACE).do, "create");
});

test("Comments of others, and of another check, are left alone.", () => {
  const other = bodyOf(whatToSay({ "": check("lost") }, [], { ...PLACE, key: "c3d4" }));
  const quoting = `> ${bodyOf(whatToSay({ "": check("lost") }, [], PLACE))}`;
  const comments = [comment(1, other), comment(2, quoting), comment(3, "LGTM"), comment(4, "<!-- alb502: -->")];
  assert.equal(whatToSay({ "": check("lost") }, comments, PLACE).do, "create");
});

test("Several targets share a comment, which is news as soon as one of them changes.", () => {
  const before = whatToSay({ api: check("clean"), web: check("lost") }, [], PLACE);
  const there = comment(9, bodyOf(before));
  assert.match(there.body, /^<!-- alb502:a1b2 api=clean&web=lost -->/);
  assert.equal(whatToSay({ web: check("lost"), api: check("clean") }, [there], PLACE).do, "nothing");
  const after = bodyOf(whatToSay({ api: check("clean"), web: check("clean") }, [there], PLACE));
  assert.match(after, /### alb502 api: clean\n[\s\S]*### alb502 web: clean \(was lost\)\n/);
});

test("What an app or a target's name says neither calls people, nor ends the marker, nor is markup.", () => {
  const result = check("lost");
  result.runs[0]!.target.description = "@everyone <img src=x> --> | `rm`";
  const body = bodyOf(whatToSay({ "a --> b@c": result }, [], PLACE));
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
