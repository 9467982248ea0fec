import assert from "node:assert/strict";
import { test } from "node:test";
import { type Life, leftByDeploy } from "../../src/diagnose/deploy.ts";
import { createTraffic, MINUTE_MS, type Traffic } from "../../src/diagnose/traffic.ts";

/** One of two targets that take turns, a request a second, for 30 minutes; it leaves after ten. */
const LEAVING: Life = {
  requests: 300,
  answered: 297,
  firstMs: 0,
  lastMs: 10 * MINUTE_MS,
  failedAtEnd: 3,
  failedBefore: 0,
};
const TRAFFIC = evenTraffic(30);

test("A target that answered, then failed, then got nothing more while others did has left.", () => {
  assert.ok(leftByDeploy(LEAVING, TRAFFIC));
  assert.ok(leftByDeploy({ ...LEAVING, failedAtEnd: 1 }, TRAFFIC));
});

test("A target that did not fail at its end, or never answered, has not.", () => {
  assert.ok(!leftByDeploy({ ...LEAVING, failedAtEnd: 0 }, TRAFFIC));
  assert.ok(!leftByDeploy({ ...LEAVING, answered: 0 }, TRAFFIC));
});

test("A target that kept failing has to fail ten times as often at its end, and more than once.", () => {
  // Nine minutes come before the last one, so that nine failures in them are one a minute.
  assert.ok(!leftByDeploy({ ...LEAVING, failedBefore: 9, failedAtEnd: 9 }, TRAFFIC));
  assert.ok(leftByDeploy({ ...LEAVING, failedBefore: 9, failedAtEnd: 10 }, TRAFFIC));
  const longer = { ...LEAVING, firstMs: -1000 * MINUTE_MS };
  assert.ok(!leftByDeploy({ ...longer, failedBefore: 1, failedAtEnd: 1 }, TRAFFIC));
  assert.ok(leftByDeploy({ ...longer, failedBefore: 1, failedAtEnd: 2 }, TRAFFIC));
});

test("A target whose share of the later requests is below ten may just have got none.", () => {
  // Half of all requests were its own; the minute of its last request does not count as later.
  const minutesLater = (minutes: number) => evenTraffic(11 + minutes, 10);
  assert.ok(!leftByDeploy({ ...LEAVING, requests: 50 }, minutesLater(2)));
  assert.ok(leftByDeploy({ ...LEAVING, requests: 55 }, minutesLater(2)));
});

test("The only target there is has not left when the traffic ends with it.", () => {
  assert.ok(!leftByDeploy(LEAVING, evenTraffic(10)));
});

/** A number of requests a minute, to all targets. */
function evenTraffic(minutes: number, eachMinute = 60): Traffic {
  const traffic = createTraffic();
  for (let i = 0; i < minutes * eachMinute; i++) traffic.count((i * MINUTE_MS) / eachMinute);
  return traffic;
}
