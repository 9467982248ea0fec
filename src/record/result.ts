import { z } from "zod";
import { AGAINST_LB } from "./against-lb.ts";
import { attemptSchema } from "./attempt.ts";
import { evidenceSchema } from "./evidence.ts";

/** Raised when a field changes its meaning or goes; a new field alone does not raise it. */
export const RESULT_SCHEMA = "alb502/result/1";

const countSchema = z.int().nonnegative();
const msSchema = z.number().nonnegative();
const shareSchema = z.number().min(0).max(1);

/** What a window was aimed at; docs/result.md says what each is. */
const windowKindSchema = z.enum(["close", "last-reuse", "lb-idle", "late-close", "announced", "at-once"]);

export type WindowKind = z.infer<typeof windowKindSchema>;

const windowSchema = z.object({
  fromMs: msSchema,
  toMs: msSchema,
  kind: windowKindSchema,
  /** How it was found, in words. */
  source: z.string().min(1),
});

const runSchema = z.object({
  name: z.string().min(1),
  expect: z.enum(["clean", "lost"]),
  verdict: z.enum(["lost", "clean", "inconclusive"]),
  reasons: z.array(z.string()).min(1),
  target: z.object({ description: z.string().min(1), keepAliveTimeoutMs: msSchema.nullable(), url: z.string() }),
  lbIdleTimeoutMs: msSchema,
  attempts: countSchema,
  inWindow: countSchema,
  lost: countSchema,
  lostInWindow: countSchema,
  own: countSchema,
  fresh: countSchema,
  answered: countSchema,
  down: countSchema,
  retried: countSchema,
  missed: countSchema,
  errors: countSchema,
  firstLostMs: z.number().nullable(),
  lossRate: z.object({ estimate: shareSchema, low: shareSchema, high: shareSchema }).nullable(),
  window: z.array(windowSchema),
  /** How the moments were found; without one: by the clock. */
  aim: z.enum(["close", "clock"]).optional(),
  /** For how long closes were kept back until the request had come by; null = none was. */
  heldMs: z.object({ median: msSchema, max: msSchema }).nullish(),
  samples: z.array(attemptSchema),
  evidence: evidenceSchema.nullish(),
});

const controlSchema = runSchema
  .pick({ name: true, verdict: true, reasons: true, attempts: true, inWindow: true, lost: true, lostInWindow: true })
  .extend(runSchema.pick({ own: true, fresh: true, down: true, retried: true, missed: true, errors: true }).shape)
  .extend(runSchema.pick({ lossRate: true, heldMs: true }).shape)
  .extend({ idleCloseMs: msSchema.nullable() });

/** result.json: docs/result.md says what every field means and in which unit. */
export const resultSchema = z.object({
  schema: z.literal(RESULT_SCHEMA),
  command: z.enum(["demo", "check", "probe", "up"]),
  verdict: z.enum([
    "reproduced",
    "not-reproduced",
    "fix-failed",
    "lost",
    "clean",
    "vulnerable",
    "safe",
    "inconclusive",
  ]),
  reasons: z.array(z.string()).min(1),
  startedAt: z.iso.datetime(),
  durationMs: msSchema,
  probe: z.object({
    idleCloseMs: msSchema.nullable(),
    spreadMs: msSchema.nullable(),
    minMs: msSchema.nullable(),
    maxMs: msSchema.nullable(),
    connections: countSchema,
    claimedMs: msSchema.nullable(),
    outcome: z.string().min(1),
    verdict: z.string().min(1),
    kind: z.enum(AGAINST_LB).optional(),
    neverUsed: z
      .object({ idleCloseMs: msSchema.nullable(), watchedMs: msSchema, status: countSchema.nullable() })
      .nullish(),
    requestLimit: z
      .object({
        requests: countSchema,
        atMost: countSchema.optional(),
        once: z.literal(true).optional(),
        announced: z.boolean(),
      })
      .nullish(),
    requestsTried: z.object({ upTo: countSchema, why: z.string().nullable() }).nullish(),
    watchedMs: msSchema.optional(),
    closesBy: z.enum(["idle", "ticks", "age", "instant", "chance"]).nullish(),
    stepMs: msSchema.optional(),
    software: z.string().nullish(),
  }),
  advice: z
    .object({
      headline: z.string().min(1),
      lines: z.array(z.string()),
      instead: z.array(z.string()).optional(),
      source: z.string(),
    })
    .nullish(),
  lb: z.object({ idleTimeoutMs: msSchema, profile: z.string().min(1), nodes: countSchema }),
  network: z.object({ rttMs: msSchema, measuredRttMs: msSchema.nullable() }),
  runs: z.array(runSchema),
  /** The positive control of a check that lost nothing: the same set-up in front of a target that is known to lose. */
  control: controlSchema.nullish(),
  comparison: z.object({ fisherP: shareSchema }).nullable(),
  versions: z.record(z.string(), z.string()),
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())])),
});

export type Result = z.infer<typeof resultSchema>;
export type ResultRun = z.infer<typeof runSchema>;
export type ResultControl = z.infer<typeof controlSchema>;
