import assert from "node:assert/strict";
import { test } from "node:test";
import type { TargetProbe } from "../../src/probe/probe-target.ts";
import type { RequestLimit } from "../../src/probe/request-limit.ts";
import { type ProbeSummary, summarise } from "../../src/probe/summarise.ts";
import { judgeProbe } from "../../src/verdict/judge-probe.ts";
import { BLIND_SPOTS } from "../../src/verdict/rests-on.ts";

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
    requests: { limit: null, lookedUpTo: 110, why: null },
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
    probe(
      { kind: "closes-some", software: null },
      { closed: 3, idleCloseMs: null, minMs: 30_000, maxMs: 30_002, claimedMs: null },
    ),
    "vulnerable",
    "The target closed 3 of 10 idle connections after 30.00 s and kept the others; an AWS Application Load Balancer keeps them 60 s: each such close can lose a request. Something ends connections that is no idle timeout: a limit on how many are kept, a worker that is replaced, or chance.",
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
    probe({ kind: "outlives" }, { idleCloseMs: 73_000, claimedMs: 72_000, status: 200 }),
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
  test(says, () => {
    const judged = judgeProbe(seen, ALB);
    assert.deepEqual([judged.verdict, judged.reasons[0]], [verdict, sentence]);
    // What a good verdict rests on, and what it cannot see; a bad one speaks for itself.
    assert.equal(judged.reasons.length, verdict === "safe" ? 3 : 1, judged.reasons.join(" "));
  });
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
    /ended after 5\.00 s .* the LB keeps them 60 s: to see .* give a longer --max-wait\.$/,
  ],
  [
    "A close announced with an error tells nothing about good answers.",
    probe({ kind: "announces-close" }, { status: 500 }),
    /^It answered 500 and announced the close with it, .* --path/,
  ],
];

for (const [says, seen, reason] of doubts) {
  test(says, () => {
    const { verdict, reasons } = judgeProbe(seen, ALB);
    assert.equal(verdict, "inconclusive");
    assert.match(reasons[0]!, reason);
  });
}

const limited = (limit: RequestLimit) => ({ limit, lookedUpTo: limit.requests, why: null });

test("An unannounced limit on requests is a verdict of its own, and comes second to an idle close.", () => {
  const requests = limited({ requests: 100, announced: false });
  const limit =
    "Express ends each connection after 100 requests and does not announce it: an AWS Application Load Balancer can lose the request that comes next. Lift the limit, or announce it with Connection: close.";
  const alone = judgeProbe(probe({ kind: "closes-after-requests", requests }), ALB);
  assert.deepEqual(alone, { verdict: "vulnerable", reasons: [limit] });
  const vulnerable = judgeProbe(probe({ requests }), ALB);
  assert.equal(vulnerable.verdict, "vulnerable");
  assert.deepEqual(vulnerable.reasons.slice(1), [limit]);
});

test("A limit that is drawn by lot is told as about so many.", () => {
  const requests = limited({ requests: 20, atMost: 37, announced: false });
  assert.match(
    judgeProbe(probe({ kind: "closes-after-requests", requests }), ALB).reasons[0]!,
    /^Express ends each connection after about 20 to 37 requests and does not announce it/,
  );
});

test("A limit that was not looked for far enough is named, with the reason.", () => {
  const requests = { limit: null, lookedUpTo: 1, why: "a POST is not repeated at will" };
  const { verdict, reasons } = judgeProbe(probe({ kind: "outlives", requests }, { ...open, claimedMs: null }), ALB);
  assert.equal(verdict, "safe");
  assert.match(reasons[1]!, /^A limit on requests per connection was looked for up to 1 only: a POST is not/);
});

test("An announced limit, a close of connections never used and an error status are told beside it.", () => {
  const { verdict, reasons } = judgeProbe(
    probe(
      {
        kind: "outlives",
        requests: limited({ requests: 100, announced: true }),
        neverUsed: { idleCloseMs: 60_010, watchedMs: 60_010, status: 408 },
      },
      { status: 404, idleCloseMs: 70_000, minMs: 69_999 },
    ),
    ALB,
  );
  assert.equal(verdict, "safe");
  assert.deepEqual(reasons.slice(1, 3), [
    "It ends each connection after 100 requests and announces it: no race.",
    "It closes never-used connections with a 408 after 60.01 s: a race for an LB that opens some ahead, as Classic ones do.",
  ]);
  assert.match(reasons[3]!, /^It answered 404 \(there is no such page\): other routes may be served by something else/);
});

test("Each answer that is no 2xx is named: 302, 401, 404, 421, 429.", () => {
  for (const status of [302, 401, 403, 404, 421, 429, 503]) {
    const { reasons } = judgeProbe(probe({ kind: "outlives" }, { ...open, claimedMs: null, status }), ALB);
    assert.ok(
      reasons.some((reason) => reason.startsWith(`It answered ${status} (`)),
      reasons.join(" "),
    );
  }
});

test("A close that was announced with an error proves nothing, unless the user says that this answer is a good one.", () => {
  for (const status of [400, 401, 403, 404, 405, 429, 500]) {
    const seen = probe({ kind: "announces-close" }, { status });
    assert.equal(judgeProbe(seen, ALB).verdict, "inconclusive", `${status}`);
    assert.equal(judgeProbe(seen, ALB, [`${status}`]).verdict, "safe", `${status}`);
    assert.equal(judgeProbe(seen, ALB, [`${Math.floor(status / 100)}xx`]).verdict, "safe", `${status}`);
  }
  for (const status of [200, 204, 302, 304]) {
    assert.equal(judgeProbe(probe({ kind: "announces-close" }, { status }), ALB).verdict, "safe", `${status}`);
  }
});

test("Closes of one instant are a restart: probe again.", () => {
  const { verdict, reasons } = judgeProbe(probe({ kind: "restarted" }, { minMs: 400, maxMs: 3900 }), ALB);
  assert.equal(verdict, "inconclusive");
  assert.match(reasons[0]!, /in one instant, .* idle for 400\.0 ms to 3\.90 s: a restart or reload .* Probe again/);
});

test("A header that claims less than was measured is a doubt, unless the close itself was seen.", () => {
  const claims = { claimedMs: 5000, watchedMs: 65_000 };
  const doubt = judgeProbe(probe({ kind: "outlives" }, { ...open, ...claims }), ALB);
  assert.equal(doubt.verdict, "inconclusive");
  assert.match(doubt.reasons[0]!, /^Its Keep-Alive header says 5 s, yet its connections were open after 65\.00 s/);
  const seen = { closed: 10, idleCloseMs: 75_000, minMs: 75_000, maxMs: 75_001, spreadMs: 1 };
  assert.equal(judgeProbe(probe({ kind: "outlives" }, { ...seen, ...claims }), ALB).verdict, "safe");
  // Node's own second more than it says.
  const node = { ...open, claimedMs: 60_000, watchedMs: 65_000 };
  assert.equal(judgeProbe(probe({ kind: "outlives" }, node), ALB).verdict, "safe");
});

test("A good verdict says what it rests on and what it cannot see.", () => {
  const busy = { requests: 118, closed: false };
  const seen = probe({ kind: "outlives" }, { ...open, claimedMs: null, watchedMs: 65_002, begunOverMs: 5600, busy });
  assert.deepEqual(judgeProbe(seen, ALB).reasons.slice(1), [
    "It rests on 10 connections watched for 65.00 s, begun within 5.60 s, none closed; another, in use all the time, stayed open; 110 requests on one connection, no limit found.",
    BLIND_SPOTS,
  ]);
});
