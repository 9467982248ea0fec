import { z } from "zod";
import { KINDS, SURENESSES } from "./cause.ts";

/** Raised when a field changes its meaning or goes; a new field alone does not raise it. */
export const DIAGNOSIS_SCHEMA = "alb502/diagnosis/1";

const countSchema = z.int().nonnegative();
const timeSchema = z.iso.datetime();
const failedSchema = z.partialRecord(z.enum(KINDS), countSchema);
const quoteSchema = z.object({ file: z.string(), line: countSchema, text: z.string() });

const countsSchema = z.object({ requests: countSchema, failed: failedSchema });

/** The most affected ones; `others`: all the rest together, null when there is none. */
const listSchema = z.object({
  listed: z.array(z.object({ name: z.string(), ...countsSchema.shape })),
  others: countsSchema.nullable(),
});

/**
 * Failures over time: buckets of one width from the first request to the last, empty ones included; at most 200. Targets
 * that fail most, up to ten, with their failures that the LB made in each bucket.
 */
const seriesSchema = z.object({
  stepMs: countSchema,
  buckets: z.array(z.object({ at: timeSchema, ...countsSchema.shape })),
  targets: z.array(z.object({ name: z.string(), failed: z.array(countSchema) })),
});

/** diagnosis.json: docs/diagnose.md says what the fields mean. */
export const diagnosisSchema = z.object({
  schema: z.literal(DIAGNOSIS_SCHEMA),
  verdict: z.enum(["race", "errors", "clean", "inconclusive"]),
  reasons: z.array(z.string()).min(1),
  startedAt: timeSchema,
  durationMs: z.number().nonnegative(),
  version: z.string(),
  input: z.object({
    files: countSchema,
    /** Of text, decompressed. */
    bytes: countSchema,
    lines: countSchema,
    requests: countSchema,
    malformed: countSchema,
    /** Lines that end too early, and count as far as they go. */
    cutOff: countSchema,
    /** Requests that --from, --to, --target or --route did not want. */
    leftOut: countSchema,
    /** As a grep leaves them: no share of all requests is known. */
    onlyErrors: z.boolean(),
    /** Files that ended in an error: cut off, damaged. */
    broken: z.array(z.object({ file: z.string(), reason: z.string() })),
    firstAt: timeSchema.nullable(),
    lastAt: timeSchema.nullable(),
  }),
  /** 5xx in all, and those that the LB made. */
  errors: z.object({ all: countSchema, lb: countSchema }),
  causes: z.array(
    z.object({
      kind: z.enum(KINDS),
      count: countSchema,
      sure: z.enum(SURENESSES),
      why: z.string(),
      /** What speaks against it, and made it less sure. */
      doubts: z.array(z.string()),
      next: z.string(),
      firstAt: timeSchema,
      lastAt: timeSchema,
      quotes: z.array(quoteSchema),
    }),
  ),
  /** null where no request was read. */
  series: seriesSchema.nullable(),
  targets: listSchema,
  hours: listSchema,
  routes: listSchema,
  malformed: z.array(z.object({ ...quoteSchema.shape, reason: z.string() })),
});

export type Diagnosis = z.infer<typeof diagnosisSchema>;
export type CauseFound = Diagnosis["causes"][number];
