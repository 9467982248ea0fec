import { SHAPES } from "../../../scenarios/lib/arrivals.ts";
import { commandLine } from "../../cli/command-line.ts";
import {
  fromWhereYouStand,
  OUTPUT_OPTIONS,
  type OutputOptions,
  outputHelp,
  outputOf,
} from "../../cli/output-options.ts";
import { parseChoice, parseDurationMs, parseWholeNumber } from "../../cli/values.ts";
import type { LogSituation } from "../../model/log-gaps.ts";
import type { Situation } from "../../model/predict.ts";
import { called } from "../../run/called.ts";
import { UsageError } from "../../run/exit.ts";

export interface PredictOptions extends OutputOptions {
  asked: FromRate | FromLog;
}

/** A rate and a shape. */
export interface FromRate {
  logs: null;
  situation: Situation;
}

/** An ALB's access log, whose gaps are taken in place of these. */
export interface FromLog {
  /** Files or folders, at least one. */
  logs: readonly string[];
  situation: LogSituation;
}

const help =
  (): string => `${called("predict", "--rate 15/min [options]")}: how many 502s a day ordinary traffic will have
${called("predict", "--log FOLDER [options]")}

What a probe or a check cannot say: how often. From the rate of the traffic, the round trip between load balancer and
target, and the target's idle close, as docs/model.md derives it.

  --rate RATE        requests in all: 15/min, 2/s, 500/h, 20000/day
  --log PATH         an ALB's access log, file or folder, in any form that diagnose reads, repeatable: its own gaps in
                     place of --rate, and of --nodes and all that follow it
  --idle-close TIME  after which the target closes idle connections, as probe measures it (default 6s, Node's)
  --rtt TIME         round trip between load balancer and target (default 1ms)
  --nodes N          LB nodes, each with a pool of its own; one for each zone, at least (default 2)
  --targets N        targets behind each node (default 1)
  --shape NAME       ${SHAPES.join(", ")} (default poisson)
  --jitter TIME      of a period, or of a burst's beginning (default 50ms)
  --burst N          requests of one burst (default 3)
  --answer TIME      from a request to its answer; matters to bursts only (default the round trip)
${outputHelp("prediction.json and summary.md", "prediction.json")}

Exit code: 0 predicted, 2 usage, 3 no request of the log went to a target.`;

export const predictCommandLine = commandLine({
  called: called("predict"),
  help,
  options: {
    rate: { type: "string" },
    log: { type: "string", multiple: true, default: [] as string[] },
    "idle-close": { type: "string", default: "6s" },
    rtt: { type: "string", default: "1ms" },
    // Without defaults here: beside --log it counts whether they are given.
    nodes: { type: "string" },
    targets: { type: "string" },
    shape: { type: "string" },
    jitter: { type: "string" },
    burst: { type: "string" },
    answer: { type: "string" },
    ...OUTPUT_OPTIONS,
  },
  read: (values): PredictOptions => ({
    ...outputOf(values),
    asked: values.log.length > 0 ? fromLog(values) : fromRate(values),
  }),
});

type Values = Partial<Record<"rate" | "nodes" | "targets" | "shape" | "jitter" | "burst" | "answer", string>> &
  Record<"idle-close" | "rtt", string> & { log: readonly string[] };

/** The log has its own of the rest. @throws UsageError for an option that it would go against */
function fromLog(values: Values): FromLog {
  const against = (["rate", "nodes", "targets", "shape", "jitter", "burst", "answer"] as const).find(
    (name) => values[name] !== undefined,
  );
  if (against !== undefined)
    throw new UsageError(
      `--${against} is "${values[against]}" beside --log, whose requests say that themselves: leave one of them out`,
    );
  return { logs: values.log.map((path) => fromWhereYouStand(path)), situation: timesOf(values) };
}

function fromRate(values: Values): FromRate {
  const {
    rate,
    nodes = "2",
    targets = "1",
    shape = "poisson",
    jitter = "50ms",
    burst = "3",
    answer = values.rtt,
  } = values;
  return {
    logs: null,
    situation: {
      ratePerS: parseRatePerS(rate),
      ...timesOf(values),
      answerMs: parseDurationMs("--answer", answer, { minMs: 0, maxMs: 3_600_000, example: "80ms" }),
      nodes: parseWholeNumber("--nodes", nodes, { min: 1, max: 1000 }),
      targets: parseWholeNumber("--targets", targets, { min: 1, max: 1000 }),
      traffic: {
        shape: parseChoice("--shape", shape, SHAPES),
        jitterMs: parseDurationMs("--jitter", jitter, { minMs: 0, maxMs: 3_600_000, example: "50ms" }),
        burst: parseWholeNumber("--burst", burst, { min: 1, max: 10_000 }),
        dayMs: 86_400_000,
      },
    },
  };
}

const timesOf = (values: Pick<Values, "idle-close" | "rtt">): LogSituation => ({
  idleCloseMs: parseDurationMs("--idle-close", values["idle-close"], { minMs: 1, maxMs: 86_400_000, example: "6s" }),
  rttMs: parseDurationMs("--rtt", values.rtt, { minMs: 0, maxMs: 10_000, example: "1ms" }),
});

/** @throws UsageError for anything that is not a number of requests per unit of time */
function parseRatePerS(text: string | undefined): number {
  if (text === undefined) throw new UsageError("--rate is missing: how many requests there are; e.g. --rate 15/min");
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\/(s|min|h|day)$/.exec(text) ?? [];
  const perS = Number(amount) / (SECONDS[unit ?? ""] ?? Number.NaN);
  if (perS > 0 && perS <= MOST_PER_S) return perS;
  throw new UsageError(`--rate is "${text}", expected requests per s, min, h or day; e.g. --rate 15/min`);
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3600, day: 86_400 };
const MOST_PER_S = 1_000_000;
