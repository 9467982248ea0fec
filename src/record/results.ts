import { z } from "zod";
import { resultSchema } from "./result.ts";

/** Raised when a field changes its meaning or goes; a new field alone does not raise it. */
export const RESULTS_SCHEMA = "alb502/results/1";

/** What one target of a config file came to. */
const targetResultSchema = z.object({
  name: z.string().min(1),
  url: z.string(),
  expect: z.enum(["clean", "lost"]),
  /** null where it could not be checked. */
  verdict: resultSchema.shape.verdict.nullable(),
  exitCode: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]),
  /** One sentence: what was found, or why nothing was. */
  reason: z.string().min(1),
  /** What to set, as one line; null where there is nothing to fix or no fix is known. */
  advice: z.string().nullable(),
  lbIdleTimeoutMs: z.number().nonnegative(),
  idleCloseMs: z.number().nonnegative().nullable(),
  durationMs: z.number().nonnegative(),
  /** Its result.json, relative to this file; null where it has none. */
  result: z.string().nullable(),
});

/** results.json, of a check of several targets: docs/config.md says what each field means. Times in ms. */
export const resultsSchema = z.object({
  schema: z.literal(RESULTS_SCHEMA),
  startedAt: z.iso.datetime(),
  durationMs: z.number().nonnegative(),
  /** The worst of the targets': 2, then 1, then 3, then 0. */
  exitCode: targetResultSchema.shape.exitCode,
  config: z.string(),
  targets: z.array(targetResultSchema).min(1),
  versions: z.record(z.string(), z.string()),
});

export type Results = z.infer<typeof resultsSchema>;
export type TargetResult = z.infer<typeof targetResultSchema>;
