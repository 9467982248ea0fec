import type { Attempt } from "../record/attempt.ts";
import type { Result, ResultRun } from "../record/result.ts";
import { EXIT } from "../run/exit.ts";
import { exitCodeOf } from "../verdict/exit-code.ts";
import { escaped } from "./markup.ts";

/**
 * The result as JUnit XML: one test case for each run's expectation, one for the comparison, and one for the probe where
 * it decides. An unexpected verdict is a failure with its evidence; no verdict is an error, since the test could not
 * be carried out.
 */
export const junitXml = (result: Result): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${junitSuite(result, `alb502.${result.command}`)}\n`;

/** The suite alone, by its name, beside others'. */
export function junitSuite(result: Result, name: string): string {
  const cases = expectationsOf(result).map((expectation) => ({ ...expectation, ...stateOf(expectation) }));
  const suite = attributes({
    name,
    tests: cases.length,
    failures: cases.filter(({ state }) => state === "failure").length,
    errors: cases.filter(({ state }) => state === "error").length,
    time: (result.durationMs / 1000).toFixed(3),
    timestamp: result.startedAt,
  });
  const lines = cases.map(({ name: tested, verdict, state, reasons, evidence }) => {
    const open = `<testcase ${attributes({ classname: name, name: tested })}`;
    if (state === "passed") return `  ${open}/>`;
    const body = escaped([...reasons, ...evidence].join("\n"));
    return `  ${open}>\n    <${state} ${attributes({ message: reasons[0]!, type: verdict })}>${body}</${state}>\n  </testcase>`;
  });
  return [`<testsuite ${suite}>`, ...lines, "</testsuite>"].join("\n");
}

interface Expectation extends Pick<Result, "verdict" | "reasons"> {
  name: string;
  expect: "lost" | "clean" | "reproduced" | "safe";
  evidence: string[];
}

function expectationsOf({ command, runs, comparison, verdict, reasons, probe }: Result): Expectation[] {
  const ofRuns = runs.map((run) => ({
    ...run,
    name: `${run.name}: ${EXPECTED[run.expect]}`,
    evidence: evidenceOf(run),
  }));
  if (runs.length === 0 || verdict === "vulnerable" || verdict === "safe") {
    const evidence = [`probe: ${probe.outcome}; ${probe.verdict}`];
    const expect = command === "demo" ? "reproduced" : "safe";
    return [...ofRuns, { name: EXPECTED[expect], expect, verdict, reasons, evidence }];
  }
  if (comparison === null) return ofRuns;
  const evidence = [`Fisher's exact test, two-sided: p = ${comparison.fisherP}`];
  return [...ofRuns, { name: EXPECTED.reproduced, expect: "reproduced", verdict, reasons, evidence }];
}

const EXPECTED = {
  clean: "no request is lost",
  lost: "requests are lost",
  safe: "the target outlives the LB's idle timeout",
  reproduced: "the 502 happens before the fix and not after it",
};

function stateOf({ verdict, expect }: Expectation): { state: "passed" | "failure" | "error" } {
  const code = exitCodeOf(verdict, expect);
  return { state: code === EXIT.asExpected ? "passed" : code === EXIT.inconclusive ? "error" : "failure" };
}

function evidenceOf({
  attempts,
  inWindow,
  lost,
  lostInWindow,
  own,
  fresh,
  down,
  retried,
  missed,
  errors,
  samples,
}: ResultRun) {
  const counts = { attempts, inWindow, lost, lostInWindow, own, fresh, down, retried, missed, errors };
  const lines = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  const lostOnes = samples.filter(({ outcome }) => outcome === "lost");
  const more = lostOnes.length > SHOWN ? [`... and ${lostOnes.length - SHOWN} more, all in result.json`] : [];
  return [lines.join(", "), ...lostOnes.slice(0, SHOWN).map(lossOf), ...more];
}

/** Enough to follow up by request id; the rest would only make the CI's page long. */
const SHOWN = 10;

function lossOf({ requestId, node, gapMs, atMs, status }: Attempt): string {
  return `lost: ${requestId} through ${node}, idle for ${gapMs.toFixed(1)} ms, ${atMs.toFixed(0)} ms into the run, status ${status}`;
}

/** XML attributes, each value on its one line. */
export function attributes(values: Record<string, string | number>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escaped(`${value}`.replace(/\s+/g, " "))}"`)
    .join(" ");
}
