import { type Diagnosis, diagnosisSchema } from "../../src/diagnose/diagnosis.ts";
import type { DiagnosisTables } from "../../src/report/html/diagnosis/report.ts";

/** A morning with races at two targets, a deploy and some others. */
export const diagnosisExample = (): Diagnosis =>
  diagnosisSchema.parse({
    schema: "alb502/diagnosis/1",
    verdict: "race",
    reasons: [
      "37 of 81320 requests were lost to the keep-alive race, by their lines (sure: high).",
      "The LB made 12 other 5xx.",
    ],
    startedAt: "2026-11-21T09:00:00.000Z",
    durationMs: 812,
    version: "0.1.0",
    input: {
      files: 3,
      bytes: 51_234_567,
      lines: 81_324,
      requests: 81_320,
      malformed: 4,
      cutOff: 1,
      leftOut: 0,
      onlyErrors: false,
      broken: [{ file: "b.log.gz", reason: "the gzip file is cut off" }],
      firstAt: "2026-11-20T06:00:00.120Z",
      lastAt: "2026-11-20T11:59:59.870Z",
    },
    errors: { all: 61, lb: 49 },
    causes: [
      cause("race", 37, "the connection was closed without an answer 3 ms (median; 1 ms to 18 ms) later", [
        "so few may also be an app that crashed at once",
      ]),
      cause("deploy", 9, "each of these came in its target's last minute"),
      cause("timeout", 3, "504: no answer within the LB's idle timeout"),
      cause("own", 12, "the target itself answered with this status; the LB passed it on"),
    ],
    series: {
      stepMs: 1_800_000,
      buckets: Array.from({ length: 12 }, (_, i) => ({
        at: new Date(Date.parse("2026-11-20T06:00:00Z") + i * 1_800_000).toISOString(),
        requests: 6776,
        failed: { race: i === 11 ? 4 : 3, ...(i === 5 ? { deploy: 9 } : {}), ...(i % 4 === 1 ? { timeout: 1 } : {}) },
      })),
      targets: [
        { name: "10.0.0.1:3000", failed: [2, 3, 1, 2, 2, 11, 1, 2, 2, 3, 1, 2] },
        { name: "10.0.0.2:3000", failed: [1, 1, 2, 1, 1, 2, 2, 1, 1, 1, 2, 2] },
        { name: "-", failed: [0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0] },
      ],
    },
    targets: { listed: [{ name: "10.0.0.1:3000", requests: 40_660, failed: { race: 20, deploy: 9 } }], others: null },
    hours: { listed: [{ name: "2026-11-20T06", requests: 13_553, failed: { race: 6, timeout: 1 } }], others: null },
    routes: { listed: [{ name: "/users/:n", requests: 900, failed: { race: 5 } }], others: null },
    malformed: [{ file: "a.log", line: 7, reason: "1 fields, expected at least 17", text: "garbage" }],
  });

const cause = (kind: string, count: number, why: string, doubts: string[] = []) => ({
  ...{ kind, count, sure: "high", why, doubts, next: `look at what ${kind} says in docs/diagnose.md` },
  ...{ firstAt: "2026-11-20T06:03:00.000Z", lastAt: "2026-11-20T11:52:00.000Z" },
  quotes: [
    {
      file: "a.log",
      line: 12,
      text: 'https 2026-11-20T06:03:00.000000Z app/lb/1 ... 0.000 0.002 -1 502 - "GET /a?..."',
    },
  ],
});

export const cleanDiagnosis = (): Diagnosis => ({
  ...diagnosisExample(),
  verdict: "clean",
  reasons: ["The LB answered none of 81320 requests with a 5xx of its own."],
  errors: { all: 0, lb: 0 },
  causes: [],
  malformed: [],
});

export const emptyDiagnosis = (): Diagnosis => ({
  ...cleanDiagnosis(),
  verdict: "inconclusive",
  reasons: ["There is no line to read."],
  input: { ...diagnosisExample().input, requests: 0, firstAt: null, lastAt: null },
  series: null,
});

/** Two hundred minutes, ten targets with long names, every kind. */
export function fullDiagnosis(): Diagnosis {
  const one = diagnosisExample();
  const kinds = [
    "race",
    "closed",
    "connect",
    "timeout",
    "deploy",
    "bad-answer",
    "no-target",
    "fixed-response",
    "other",
  ];
  return diagnosisSchema.parse({
    ...one,
    errors: { all: 1_234_567, lb: 1_234_555 },
    causes: kinds.map((kind, i) => ({ ...one.causes[0], kind, count: 1_000_000 >> (2 * i) })),
    series: {
      stepMs: 60_000,
      buckets: Array.from({ length: 200 }, (_, i) => ({
        at: new Date(Date.parse("2026-11-20T23:00:00Z") + i * 60_000).toISOString(),
        requests: 99_999,
        failed: { race: (i * 7919) % 5000, deploy: i % 50 === 0 ? 9000 : 0, connect: (i * 31) % 800 },
      })),
      targets: Array.from({ length: 10 }, (_, i) => ({
        name: `[2001:db8:85a3:8d3:1319:8a2e:370:${7340 + i}]:65535`,
        failed: Array.from({ length: 200 }, (_, at) => (at * (i + 3)) % 900),
      })),
    },
  });
}

/** Every text of a log's own in it is `evil`. */
export const hostileDiagnosis = (evil: string): Diagnosis => {
  const one = diagnosisExample();
  const named = { name: evil, requests: 1, failed: { race: 1 } };
  return {
    ...one,
    reasons: [evil],
    input: { ...one.input, broken: [{ file: evil, reason: evil }] },
    causes: one.causes.map((each) => ({
      ...{ ...each, why: evil, next: evil, doubts: [evil] },
      quotes: [{ file: evil, line: 1, text: evil }],
    })),
    series: { ...one.series!, targets: [{ name: evil, failed: one.series!.buckets.map(() => 1) }] },
    targets: { listed: [named], others: null },
    routes: { listed: [named], others: null },
    malformed: [{ file: evil, line: 1, reason: evil, text: evil }],
  };
};

export const exampleTables = (name = "10.0.0.1:3000"): DiagnosisTables => ({
  input: "3 files, 51.2 MB, 81324 lines: 81320 requests, 4 lines that could not be read.",
  causes: [
    ["cause", "requests", "of all", "sure", "first", "last"],
    ["race", "37", "0.045 %", "high", "2026-11-20T06:03:00.000Z", "2026-11-20T11:52:00.000Z"],
  ],
  breakdowns: [
    [
      ["target", "requests", "race"],
      [name, "40660", "20"],
    ],
    [["hour (UTC)", "requests", "race"]],
  ],
});
