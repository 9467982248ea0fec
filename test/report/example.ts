import type { Attempt, Outcome } from "../../src/record/attempt.ts";
import type { Result, ResultRun } from "../../src/record/result.ts";
import { countAttempts, lossRate } from "../../src/verdict/count.ts";
import { judgeComparison, judgeRun } from "../../src/verdict/judge.ts";

/** The result of a demo as measured at 2 ms round trip: 40 attempts inside the window, 20 beside it, before and after. */
export function exampleResult(): Result {
  const before = exampleRun("before", { lost: 37, own: 3 }, { lost: 1, own: 8, fresh: 11 });
  const after = exampleRun("after", { own: 40 }, { own: 20 });
  after.target = { ...after.target, keepAliveTimeoutMs: 65_000, description: "Node 20.20.2, keepAliveTimeout 65 s" };
  const { verdict, reasons, pValue } = judgeComparison(before, after);
  return {
    schema: "alb502/result/1",
    command: "demo",
    verdict,
    reasons,
    startedAt: "2026-01-31T09:15:00.000Z",
    durationMs: 18_400,
    probe: {
      idleCloseMs: 6000.4,
      spreadMs: 0.7,
      minMs: 6000.1,
      maxMs: 6000.8,
      connections: 12,
      claimedMs: 5000,
      outcome: "closed",
      verdict: "vulnerable by 54 s",
    },
    lb: { idleTimeoutMs: 60_000, profile: "alb", nodes: 20 },
    network: { rttMs: 2, measuredRttMs: 2.31 },
    runs: [before, after],
    comparison: { fisherP: pValue },
    versions: { alb502: "0.1.0", node: "20.20.2", haproxy: "3.2.26", k6: "2.2.0", toxiproxy: "2.12.0" },
    settings: { rtt: 2, method: "GET", fix: "target", json: false, port: null, header: ["a"] },
  };
}

/** A judged run with the given attempts of each outcome inside and outside the window; a before-run should lose. */
export function exampleRun(name: string, inside: Tally, outside: Tally = {}): ResultRun {
  const samples = [...attempts(inside, true), ...attempts(outside, false)];
  const counts = countAttempts(samples);
  return {
    name,
    target: { description: "Node 20.20.2", keepAliveTimeoutMs: null, url: "http://127.0.0.1:3000/" },
    lbIdleTimeoutMs: 60_000,
    ...counts,
    ...judgeRun(counts, { expect: name === "before" ? "lost" : "clean" }),
    lossRate: lossRate(counts),
    window: [
      { fromMs: 5998.4, toMs: 6000.4, kind: "close", source: "probe" },
      { fromMs: 5997, toMs: 5999, kind: "close", source: "rounds up to 1" },
    ],
    samples,
  };
}

type Tally = Partial<Record<Outcome, number>>;

function attempts(tally: Tally, inWindow: boolean): Attempt[] {
  return Object.entries(tally).flatMap(([outcome, count]) =>
    Array.from({ length: count }, (_, index) => ({
      round: inWindow ? 2 : 1,
      user: index + 1,
      node: `n${index + 1}`,
      setGapMs: inWindow ? 5998 : 5994,
      gapMs: inWindow ? 5998.2 : 5994.1,
      inWindow,
      outcome: outcome as Outcome,
      status: outcome === "lost" ? 502 : 200,
      atMs: 6160 + index,
      requestId: `${outcome}-${inWindow ? "in" : "out"}-${index + 1}`,
      connection: outcome === "lost" ? null : "127.0.0.1:40312",
    })),
  );
}
