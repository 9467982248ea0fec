import type { Volley } from "../../aim/volley.ts";
import { duration } from "../../cli/values.ts";
import { disagreements } from "../../evidence/agree.ts";
import { doubtsOfEvidence, explain } from "../../evidence/explain.ts";
import type { StageLog } from "../../evidence/stage-log.ts";
import { againstLb } from "../../probe/against-lb.ts";
import type { ResultRun } from "../../record/result.ts";
import { probePart } from "../../report/probe-part.ts";
import { capitalised } from "../../report/sentence.ts";
import { runtimeVersions } from "../../stage/runtime.ts";
import type { Stage } from "../../stage/stage.ts";
import { aimOf, countAttempts, lossRate } from "../../verdict/count.ts";
import { judgeComparison, judgeRun } from "../../verdict/judge.ts";
import type { Asked, Found } from "../result-command.ts";
import { FIXES } from "./fixes.ts";
import type { DemoOptions } from "./options.ts";
import type { DemoRun } from "./run.ts";

/** What the options alone determine. */
export const demoAsked = ({
  fix,
  lbIdleMs,
  rttMs,
  nodes,
  rounds,
  aim,
  method,
  port,
  node,
  k6Dashboard,
}: DemoOptions): Asked => ({
  command: "demo",
  lb: { idleTimeoutMs: lbIdleMs, profile: "alb", nodes },
  rttMs,
  settings: {
    fix,
    "lb-idle": duration(lbIdleMs),
    rtt: duration(rttMs),
    nodes,
    rounds,
    aim,
    method,
    port,
    node,
    "k6-dashboard": k6Dashboard,
  },
});

/** What a demo saw, judged. */
export function demoFound(seen: DemoRun, options: DemoOptions): Found {
  const [before, after] = seen.aimed.volleys as [Volley, Volley];
  const fix = FIXES[options.fix];
  const comparison = judgeComparison(countAttempts(before.attempts), countAttempts(after.attempts));
  const runs = [runResult(seen, 0, "lost", options), runResult(seen, 1, "clean", options)];
  const doubts = [...doubtsAboutProbes(seen, options), ...doubtsAboutLogs(seen), ...doubtsAboutEvidence(runs)];
  const verdict = doubts.length > 0 ? "inconclusive" : comparison.verdict;
  return {
    verdict,
    reasons: [...doubts, ...comparison.reasons],
    probe: probePart(
      { summary: before.probe, kind: againstLb(before.probe, options.lbIdleMs, seen.measuredRttMs) },
      options.lbIdleMs,
    ),
    advice: verdict === "reproduced" ? { headline: fix.headline, lines: [...fix.paste], source: fix.source } : null,
    measuredRttMs: seen.measuredRttMs,
    runs,
    comparison: { fisherP: comparison.pValue },
    versions: { ...runtimeVersions(seen.runtime), "target-node": seen.runtime.targetNode },
    settings: { runtime: seen.runtime.name },
  };
}

/** The aimed requests cover one gap only; the probes tell whether it was the right one. */
function doubtsAboutProbes({ aimed, measuredRttMs }: DemoRun, options: DemoOptions): string[] {
  const [before, after] = aimed.volleys as [Volley, Volley];
  const fix = FIXES[options.fix];
  const doubts: string[] = [];
  const unfixed = againstLb(before.probe, options.lbIdleMs, measuredRttMs);
  if (unfixed !== "vulnerable") {
    doubts.push(
      `The unfixed target does not close before its LB does (${unfixed}): there is no race to show; raise --lb-idle.`,
    );
  }
  const fixed = againstLb(after.probe, fix.lbIdleMs ?? options.lbIdleMs, measuredRttMs);
  if (fixed === "vulnerable" || fixed === "tie") {
    doubts.push(`The fixed target still closes before its LB does, or at the same time (${fixed}).`);
  }
  // Without this, a target that closes even earlier would look fixed: nothing is lost on a new connection.
  if (fix.keepAliveTimeoutMs !== null && !after.attempts.some(({ outcome }) => outcome === "own")) {
    doubts.push(
      "The fixed target answered no request on a reused connection: it does not keep them, so nothing was tested.",
    );
  }
  return doubts;
}

const doubtsAboutLogs = ({ stageLogs, aimed }: DemoRun): string[] =>
  stageLogs.flatMap(({ name, requests }, i) =>
    disagreements(aimed.volleys[i]!.attempts, requests).map((doubt) => `${capitalised(name)}: ${doubt}`),
  );

const doubtsAboutEvidence = (runs: readonly ResultRun[]): string[] =>
  runs.flatMap(({ name, evidence }) =>
    evidence ? doubtsOfEvidence(evidence).map((doubt) => `${capitalised(name)}: ${doubt}`) : [],
  );

function runResult(
  { aimed, stages, stageLogs, captured }: DemoRun,
  index: 0 | 1,
  expect: "lost" | "clean",
  options: DemoOptions,
): ResultRun {
  const { name, attempts } = aimed.volleys[index]!;
  const fix = FIXES[options.fix];
  const fixed = index === 1;
  const counts = countAttempts(attempts);
  const { verdict, reasons } = judgeRun(counts, { expect });
  return {
    name,
    expect,
    verdict,
    reasons,
    target: {
      description: "Node",
      keepAliveTimeoutMs: fixed ? fix.keepAliveTimeoutMs : null,
      url: (stages[index] as Stage).targetUrl,
    },
    lbIdleTimeoutMs: fixed && fix.lbIdleMs !== null ? fix.lbIdleMs : options.lbIdleMs,
    ...counts,
    ...aimOf(attempts),
    lossRate: lossRate(counts),
    window: aimed.windows,
    samples: attempts,
    evidence: explain({ attempts, log: stageLogs[index] as StageLog, capture: captured }),
  };
}
