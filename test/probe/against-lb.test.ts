import assert from "node:assert/strict";
import { test } from "node:test";
import { againstLb } from "../../src/probe/against-lb.ts";
import { type ProbeSummary, summarise } from "../../src/probe/summarise.ts";
import type { AgainstLb } from "../../src/record/against-lb.ts";

/** Ten closed around `idleCloseMs`. */
const closed = (idleCloseMs: number, spreadMs = 1): Partial<ProbeSummary> => ({
  connections: 10,
  closed: 10,
  idleCloseMs,
  minMs: idleCloseMs - spreadMs / 2,
  maxMs: idleCloseMs + spreadMs / 2,
  spreadMs,
  watchedMs: idleCloseMs + spreadMs / 2,
  closesBy: "idle",
  begunOverMs: 5562,
});

const open = (watchedMs: number): Partial<ProbeSummary> => ({ connections: 10, watchedMs });

/** Three of ten closed, the first after `minMs`; the others open for longer than the LB keeps them. */
const some = (minMs: number): Partial<ProbeSummary> => ({
  ...open(66_000),
  closed: 3,
  minMs,
  maxMs: minMs,
  spreadMs: 0,
});

/** In front of an LB that keeps idle connections 60 s, 2 ms away. */
const cases: [says: string, Partial<ProbeSummary>, AgainstLb][] = [
  ["Node's default of 6 s is vulnerable.", closed(6000), "vulnerable"],
  ["A second below the LB's timeout is still vulnerable.", closed(59_000), "vulnerable"],
  ["Sixty ms below it, out of reach of both timers, is vulnerable.", closed(59_940), "vulnerable"],
  ["The LB's own timeout is a tie: either may be first.", closed(60_000), "tie"],
  ["So near below it that the simulator could not prove a loss is a tie.", closed(59_950), "tie"],
  ["As much above it is a tie too.", closed(60_050), "tie"],
  ["Half a second above it, as servers are that were set to the LB's timeout, is a tie.", closed(60_500), "tie"],
  ["More above it outlives it.", closed(60_510), "outlives"],
  ["Node at 61 s, within 2 ms, outlives it.", closed(61_000, 4), "outlives"],
  ["Tomcat at 60 s, whose clock is one of whole seconds, ties.", closed(60_500, 950), "tie"],
  ["At 61 s it outlives it.", closed(61_500, 940), "outlives"],
  [
    "Closes of connections that were begun together hide a clock of whole seconds.",
    { ...closed(60_900), begunOverMs: 20 },
    "tie",
  ],
  ["A spread as wide as the margin is no margin.", closed(62_000, 1600), "tie"],
  [
    "Ten closes of one tick at 62.5 s may be 60.1 s in the next minute.",
    { ...closed(62_500, 3000), closesBy: "ticks", stepMs: 4000 },
    "tie",
  ],
  [
    "Where only one tick was seen, the clock may be the coarsest that is known.",
    { ...closed(70_000, 5000), closesBy: "ticks", stepMs: 30_000 },
    "tie",
  ],
  [
    "Far beyond the LB's timeout such a clock is safe, too.",
    { ...closed(130_000, 5000), closesBy: "ticks", stepMs: 30_000 },
    "outlives",
  ],
  ["Closes of one instant are a restart.", { ...closed(4000, 3000), closesBy: "instant" }, "restarted"],
  ["Closes by age are called so.", { ...closed(30_000, 3000), closesBy: "age" }, "closes-by-age"],
  ["Closes at no fixed time are closes of some.", { ...closed(30_000, 40_000), closesBy: "chance" }, "closes-some"],
  ["A target whose closes are spread over 50 ms ties from further off.", closed(59_900, 50), "tie"],
  ["A second above the LB's timeout outlives it.", closed(61_000), "outlives"],
  ["Open for 5 s longer than the LB keeps it, it outlives the LB.", open(65_002), "outlives"],
  ["Open for a second longer it may still be closed in the next moment.", open(61_002), "unknown"],
  ["Open when the probe stopped before the LB's timeout is unknown.", open(30_000), "unknown"],
  ["Open exactly as long as the LB keeps it and a round trip is unknown, too.", open(60_002), "unknown"],
  ["Closed 2 ms after the answer, unannounced, it closes at once.", closed(2), "closes-at-once"],
  ["Fifty ms and a round trip after it still is at once.", closed(52), "closes-at-once"],
  ["A tenth of a second after it is an idle timeout, however short.", closed(100), "vulnerable"],
  [
    "When some are closed before the LB's timeout, each of them is a race of its own kind.",
    some(30_000),
    "closes-some",
  ],
  [
    "When some are closed just about then, and most a tick of its clock later, it ties with the LB.",
    some(59_990),
    "tie",
  ],
  ["An announced close is not a race, however early.", { ...closed(1), announcedClose: true }, "announces-close"],
  ["Where nothing answered, it is unknown.", { announcedClose: false }, "unknown"],
];

for (const [says, changes, expected] of cases) {
  test(says, () => assert.equal(againstLb({ ...summarise([]), ...changes }, 60_000, 2), expected));
}

test("A longer way to the target makes a tie of what was vulnerable.", () => {
  const probe = { ...summarise([]), ...closed(59_940) };
  assert.equal(againstLb(probe, 60_000, 2), "vulnerable");
  assert.equal(againstLb(probe, 60_000, 20), "tie");
});
