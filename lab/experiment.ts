import type { Run } from "../src/run/run.ts";
import type { Lab } from "./lab.ts";

/** One claim of one article, as something to be run. Adding one is a file in experiments/. */
export interface Experiment {
  /** As it is called on the command line: "uwsgi-as-posted". */
  name: string;
  /** One of the field reports of docs/field-reports.md; "beyond" = what none of them could show. */
  article: "A" | "B" | "C" | "D" | "E" | "beyond";
  /** Where it is said. */
  source: string;
  /** What is said, in one sentence. */
  says: string;
  arms: readonly Arm[];
  /** What was found where that is not what the article says. */
  correction?: string;
}

/** One thing to measure, and what has to come out. */
export interface Arm {
  /** "Express, keepAliveTimeout 65 s" */
  name: string;
  expect: Expectation;
  /** What not every machine has; where it is missing, the arm is left out and said so. */
  needs?: "docker";
  /** @throws EnvironmentError where what it takes cannot be had, InconclusiveError when a part dies */
  measure(run: Run, lab: Lab): Promise<Measured>;
}

/**
 * lost: of the requests that met a close at least 99 % are lost. clean: none of all is lost, or can be. some: at least one is.
 * vulnerable: one is or can be, as in a tie.
 */
export type Expectation = "lost" | "clean" | "some" | "vulnerable";

/** What one arm came to. Times in ms. */
export interface Measured {
  /** inconclusive: nothing met what it was aimed at, or the evidence disagrees; never as expected. */
  verdict: "lost" | "vulnerable" | "clean" | "inconclusive";
  /** Requests that count: aimed true, or all where nothing was aimed. */
  attempts: number;
  lost: number;
  /** In the median; null = none was seen. */
  idleCloseMs: number | null;
  /** Whole sentences, the weightiest first. */
  reasons: readonly string[];
  /** Of all that took part. */
  versions: Readonly<Record<string, string>>;
  /** What the arm measured besides: a fix's price. Numbers carry their unit in the name. */
  more?: Readonly<Record<string, number | string>>;
}

/** Whether it came out as expected; null = inconclusive. */
export function asExpected(expect: Expectation, { verdict, attempts, lost }: Measured): boolean | null {
  if (verdict === "inconclusive") return null;
  if (expect === "vulnerable") return verdict !== "clean";
  if (verdict === "vulnerable") return false;
  if (attempts === 0) return null;
  if (expect === "clean") return lost === 0;
  return expect === "some" ? lost > 0 : lost >= attempts * LOST_OF_MET;
}

const LOST_OF_MET = 0.99;
