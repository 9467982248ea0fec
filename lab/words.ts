import { measured } from "../src/record/units.ts";
import type { Experiment } from "./experiment.ts";
import type { LabArm, LabResult } from "./record.ts";

/** The articles, as lists and tables name them. */
export const ARTICLES: Readonly<Record<Experiment["article"], string>> = {
  A: "A, k6 article (ALB + Node on ECS)",
  B: "B, Express post",
  C: "C, EC2 post with sticky sessions",
  D: "D, Python and Node services",
  E: "E, gateway post",
  beyond: "beyond the articles",
};

/** One row for each arm, under a heading. */
export const armRows = (arms: readonly LabArm[]): string[][] => [
  ["measurement", "closes after", "lost", "expected", ""],
  ...arms.map((arm) => [
    arm.name,
    arm.idleCloseMs === null ? "-" : measured(arm.idleCloseMs),
    `${arm.lost} of ${arm.attempts}`,
    EXPECTED[arm.expect],
    arm.asExpected === null ? "inconclusive" : arm.asExpected ? "as expected" : "NOT AS EXPECTED",
  ]),
];

const EXPECTED = { lost: "all lost", clean: "none lost", some: "some lost", vulnerable: "can be lost" } as const;

/** "12 experiments, 34 measurements: all as expected". */
export function sumUp({ experiments }: Pick<LabResult, "experiments">): string {
  const arms = experiments.flatMap((one) => one.arms);
  const wrong = arms.filter((arm) => arm.asExpected === false).length;
  const open = arms.filter((arm) => arm.asExpected === null).length;
  const found = [wrong > 0 && `${wrong} not as expected`, open > 0 && `${open} inconclusive`]
    .filter(Boolean)
    .join(", ");
  return `${counted(experiments.length, "experiment")}, ${counted(arms.length, "measurement")}: ${found || "all as expected"}`;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

/** What the table's columns mean: the same for all experiments. */
export const LEGEND = [
  "closes after: how long the target leaves a connection idle; - where it was not seen to close one",
  "lost: 502s among the aimed requests that met the close, or the last moment before the LB's own; where nothing was aimed, among all",
  "expected: by alb502, not by the report",
] as const;

const IN_WORDS: Readonly<Record<string, string>> = {
  claims: "its Keep-Alive header says",
  "median ms": "median answer in ms",
};

/** What of an arm's own is worth a line: why it is inconclusive, and what it measured besides. */
export function notesOn({ name, asExpected, reasons, more }: LabArm): string[] {
  const figures = Object.entries(more).map(([what, value]) => `${IN_WORDS[what] ?? what} ${value}`);
  return [
    ...(asExpected === true ? [] : reasons.map((reason) => `${name}: ${reason}`)),
    ...(figures.length > 0 ? [`${name}: ${figures.join(", ")}.`] : []),
  ];
}
