import assert from "node:assert/strict";
import { test } from "node:test";
import { type DeployCounts, judgeDeploy } from "../../src/verdict/judge-deploy.ts";

test("A deploy that ended connections, lost nothing in enough requests and left an app that answers is clean.", () => {
  const { verdict, reasons } = judgeDeploy(GOOD);
  assert.equal(verdict, "clean");
  assert.match(reasons.join(" "), /0 of 6000 .* rests on 20 connections/);
});

test("A loss is a loss, whatever else there was.", () => {
  assert.equal(judgeDeploy({ ...GOOD, lost: 1 }).verdict, "lost");
  assert.equal(judgeDeploy({ ...GOOD, lost: 1, closes: 0, requests: 10, code: 1 }).verdict, "lost");
});

test("Nothing deployed, too few requests, a failed command, the app's own errors: inconclusive, never clean.", () => {
  const doubts: [Partial<DeployCounts>, RegExp][] = [
    [{ closes: 0 }, /ended none of the LB's connections/],
    [{ requests: 999 }, /Only 999 requests/],
    [{ code: 2 }, /exit code 2/],
    [{ code: null }, /a signal/],
    [{ errors: 3 }, /error of its own/],
    [{ alive: false, lost: 5 }, /does not answer any more/],
  ];
  for (const [change, why] of doubts) {
    const { verdict, reasons } = judgeDeploy({ ...GOOD, ...change });
    assert.equal(verdict, "inconclusive", why.source);
    assert.match(reasons[0]!, why);
  }
});

const GOOD: DeployCounts = { requests: 6000, lost: 0, errors: 0, closes: 20, code: 0, alive: true };
