import { z } from "zod";

export const LAB_SCHEMA = "alb502/lab/1";

const countSchema = z.int().nonnegative();

const armSchema = z.object({
  name: z.string().min(1),
  expect: z.enum(["lost", "clean", "some", "vulnerable"]),
  /** null = inconclusive. */
  asExpected: z.boolean().nullable(),
  verdict: z.enum(["lost", "vulnerable", "clean", "inconclusive"]),
  attempts: countSchema,
  lost: countSchema,
  idleCloseMs: z.number().nonnegative().nullable(),
  reasons: z.array(z.string()),
  versions: z.record(z.string(), z.string()),
  more: z.record(z.string(), z.union([z.string(), z.number()])),
});

/** lab.json: what each experiment came to. */
export const labSchema = z.object({
  schema: z.literal(LAB_SCHEMA),
  startedAt: z.iso.datetime(),
  durationMs: z.number().nonnegative(),
  experiments: z.array(
    z.object({
      name: z.string().min(1),
      article: z.enum(["A", "B", "C", "D", "E", "beyond"]),
      source: z.string(),
      says: z.string(),
      correction: z.string().nullable(),
      arms: z.array(armSchema),
    }),
  ),
});

/** lab.json's content, of what was measured. */
export const labResult = (experiments: LabResult["experiments"], _: unknown, startedAt: Date): LabResult => ({
  schema: LAB_SCHEMA,
  startedAt: startedAt.toISOString(),
  durationMs: Date.now() - startedAt.getTime(),
  experiments,
});

export type LabResult = z.infer<typeof labSchema>;
export type LabArm = z.infer<typeof armSchema>;
