import assert from "node:assert/strict";
import { test } from "node:test";
import type { TargetProbe } from "../../src/probe/probe-target.ts";
import { type ProbeSummary, summarise } from "../../src/probe/summarise.ts";
import { judgeProbe } from "../../src/verdict/judge-probe.ts";

const ALB = { title: "AWS Application Load Balancer", idleMs: 60_000 };

const express = { id: "express", title: "Express", by: "its X-Powered-By header says Express", sure: true };

/** Ten connections of Express, closed at 6 s, unless changed. */
function probe(changes: Partial<TargetProbe> = {}, summary: Partial<ProbeSummary> = {}): TargetProbe {
  return {
    first: {
      status: 200,
      httpVersion: "1.1",
      server: null,
      poweredBy: "Express",
      claimedMs: 5000,
      announcedClose: false,
    },
    summary: {
      ...summarise([]),
      connections: 10,
      closed: 10,
      idleCloseMs: 6000.4,
      minMs: 6000,
      maxMs: 6001,
      spreadMs: 1,
      claimedMs: 5000,
      watchedMs: 6001,
      ...summary,
    },
    kind: "vulnerable",
    neverUsed: null,
    requestLimit: null,
    software: express,
    alive: true,
    ...changes,
  };
}

const open = { closed: 0, idleCloseMs: null, minMs: null, maxMs: null, spreadMs: null };

const sentences: [says: string, TargetProbe, verdict: string, sentence: string][] = [
  [
    "A close before the LB's is told with the claim and by how much.",
    probe(),
    "vulnerable",
    "Express closes idle connections after 6.00 s (its Keep-Alive header says 5 s); an AWS Application Load Balancer keeps them 60 s: it can lose requests (vulnerable by 54 s).",
  ],
  [
    "What was told by timing alone is only probable, and a coarse clock gives a range, not a number.",
    probe({ software: { ...express, title: "Bun", sure: false } }, { minMs: 8100, maxMs: 12_000, spreadMs: 3900 }),
    "vulnerable",
    "The target (probably Bun) closes idle connections after 8.10 s to 12.00 s (its Keep-Alive header says 5 s); an AWS Application Load Balancer keeps them 60 s: it can lose requests (vulnerable by 54 s).",
  ],
  [
    "Some closed and others not is told as such.",
    probe({ software: null }, { closed: 3, idleCloseMs: null, minMs: 30_000, maxMs: 30_002, claimedMs: null }),
    "vulnerable",
    "The target closed 3 of 10 idle connections after 30.00 s; an AWS Application Load Balancer keeps them 60 s: it can lose requests (vulnerable by 30 s).",
  ],
  [
    "A tie can lose requests.",
    probe({ kind: "tie" }, { idleCloseMs: 60_060, claimedMs: null }),
    "vulnerable",
    "Express closes idle connections after 60.06 s; an AWS Application Load Balancer keeps them 60 s: a tie, either may close first, so it can lose requests.",
  ],
  [
    "A close right after the answer, unannounced, can lose any.",
    probe({ kind: "closes-at-once" }),
    "vulnerable",
    "Express closes each connection right after its answer and does not announce it (no Connection: close); an AWS Application Load Balancer may send the next request on it: it can lose any.",
  ],
  [
    "A close after the LB's is safe.",
    probe({ kind: "outlives" }, { idleCloseMs: 73_000, claimedMs: 72_000 }),
    "safe",
    "Express closes idle connections after 73.00 s (its Keep-Alive header says 72 s); an AWS Application Load Balancer keeps them 60 s and closes first: it loses none to the target's idle close.",
  ],
  [
    "None at all is safe as well.",
    probe({ kind: "outlives" }, { ...open, claimedMs: null, watchedMs: 61_002 }),
    "safe",
    "Express keeps idle connections longer than 61.00 s; an AWS Application Load Balancer keeps them 60 s and closes first: it loses none to the target's idle close.",
  ],
  [
    "An announced close is safe.",
    probe({ kind: "announces-close" }),
    "safe",
    "Express announces that it closes each connection (Connection: close): an AWS Application Load Balancer reuses none, so it loses none to an idle close.",
  ],
];

for (const [says, seen, verdict, sentence] of sentences) {
  test(says, () => assert.deepEqual(judgeProbe(seen, ALB), { verdict, reasons: [sentence] }));
}

test("An LB that is no balancer by name has no article.", () => {
  assert.match(judgeProbe(probe(), { title: "Envoy", idleMs: 3_600_000 }).reasons[0]!, /; Envoy keeps them 3600 s: /);
});

const doubts: [says: string, TargetProbe, RegExp][] = [
  ["A target that answers no more may have closed everything by its end.", probe({ alive: false }), /no longer does/],
  ["So may one that outlived the LB.", probe({ alive: false, kind: "outlives" }, open), /no longer does/],
  [
    "Without a connection nothing is known.",
    probe({ kind: "unknown" }, { connections: 0 }),
    /then none on the probe's/,
  ],
  [
    "A wait that ended before the LB's timeout asks for a longer one.",
    probe({ kind: "unknown" }, { ...open, watchedMs: 5000 }),
    /ended after 5\.00 s .* the LB keeps them 60 s: give a longer --max-wait\.$/,
  ],
  [
    "A close announced with an error tells nothing about good answers.",
    probe({ kind: "announces-close", first: { ...probe().first, status: 500 } }),
    /^It answered 500 and announced the close: .* --path/,
  ],
];

for (const [says, seen, reason] of doubts) {
  test(says, () => {
    const { verdict, reasons } = judgeProbe(seen, ALB);
    assert.equal(verdict, "inconclusive");
    assert.match(reasons[0]!, reason);
  });
}

test("An unannounced limit on requests makes a safe target vulnerable, and comes first then.", () => {
  const requestLimit = { requests: 100, announced: false };
  const limit =
    "Express ends each connection after 100 requests and does not announce it: an AWS Application Load Balancer can lose the request that comes next. Lift the limit, or announce it with Connection: close.";
  const outlives = judgeProbe(probe({ kind: "outlives", requestLimit }), ALB);
  assert.equal(outlives.verdict, "vulnerable");
  assert.equal(outlives.reasons[0], limit);
  const vulnerable = judgeProbe(probe({ requestLimit }), ALB);
  assert.equal(vulnerable.verdict, "vulnerable");
  assert.deepEqual(vulnerable.reasons.slice(1), [limit]);
});

test("An announced limit, a close of connections never used and an error status are told beside it.", () => {
  const { verdict, reasons } = judgeProbe(
    probe({
      kind: "outlives",
      first: { ...probe().first, status: 404 },
      requestLimit: { requests: 100, announced: true },
      neverUsed: { idleCloseMs: 60_010, watchedMs: 60_010, status: 408 },
    }),
    ALB,
  );
  assert.equal(verdict, "safe");
  assert.deepEqual(reasons.slice(1), [
    "It ends each connection after 100 requests and announces it: no race.",
    "It closes never-used connections with a 408 after 60.01 s: a race for an LB that opens some ahead, as Classic ones do.",
    "It answered the probe with 404.",
  ]);
});
