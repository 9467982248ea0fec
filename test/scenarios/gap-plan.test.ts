import assert from "node:assert/strict";
import { test } from "node:test";
import { planGap } from "../../scenarios/lib/gap-plan.ts";
import { isInside } from "../../scenarios/lib/window.ts";

const window = { fromMs: 5997, toMs: 5998 };
const sweepMs = 3;

/** The gaps of all users in one round, in the order of the users. */
const gapsOf = (round: number, users: number): number[] =>
  Array.from({ length: users }, (_, user) => planGap({ window, round, user, users, sweepMs }));

// A sweep may touch the window's edge: strictly inside is what aiming means.
const aims = (gapMs: number): boolean => gapMs > window.fromMs && gapMs < window.toMs;

const sorted = (values: number[]): number[] => [...values].sort((a, b) => a - b);

const distances = (values: number[]): number[] => values.slice(1).map((value, i) => value - values[i]!);

test("In the first round three users in four aim inside the window, in later rounds nine in ten.", () => {
  for (const users of [20, 40, 100]) {
    assert.equal(gapsOf(0, users).filter(aims).length, users * 0.75);
    for (const round of [1, 2, 7]) assert.equal(gapsOf(round, users).filter(aims).length, users * 0.9);
  }
});

test("However few the users are, the first one aims, in every round.", () => {
  for (const users of [1, 2, 3, 5]) {
    for (const round of [0, 1, 2]) assert.ok(aims(gapsOf(round, users)[0]!), `${users} users, round ${round}`);
  }
});

test("The only user of a round aims at the middle of the window.", () => {
  for (const round of [0, 1]) assert.deepEqual(gapsOf(round, 1), [5997.5]);
});

test("The aimed gaps are evenly spread about the middle and keep clear of the edges.", () => {
  for (const round of [0, 1]) {
    const aimed = sorted(gapsOf(round, 40).filter(aims));
    assert.ok(Math.abs(aimed[0]! - 5997.3) < 1e-6 && Math.abs(aimed.at(-1)! - 5997.7) < 1e-6, `${aimed}`);
    for (const distance of distances(aimed)) assert.ok(Math.abs(distance - 0.4 / (aimed.length - 1)) < 1e-6);
  }
});

test("The sweeping users' gaps reach sweepMs beyond both edges, evenly, and no further.", () => {
  const swept = sorted(gapsOf(0, 40).filter((gapMs) => !aims(gapMs)));
  assert.equal(swept[0], window.fromMs - sweepMs);
  assert.equal(swept.at(-1), window.toMs + sweepMs);
  assert.equal(swept.filter((gapMs) => gapMs < window.fromMs).length, swept.length / 2);
  const below = swept.filter((gapMs) => gapMs < window.fromMs);
  for (const distance of distances(below)) assert.ok(Math.abs(distance - (2 * sweepMs) / (swept.length - 1)) < 1e-6);
});

test("Users that fire one after the other get gaps that lie apart.", () => {
  // Neighbours in a sorted order would be 0.4 / 35 = 0.011 ms apart.
  const aimed = gapsOf(1, 40).filter(aims);
  assert.ok(Math.min(...distances(aimed).map(Math.abs)) > 0.1);
});

test("Without a sweep every user stays inside the window or on its edge.", () => {
  for (let user = 0; user < 20; user++) {
    assert.ok(isInside(planGap({ window, round: 0, user, users: 20, sweepMs: 0 }), window));
  }
});
