import { z } from "zod";

const settingsSchema = z.object({
  /** host:port */
  ADDRESS: z.string().min(1),
  CONNECTIONS: z.coerce.number().int().positive(),
  TIME_MS: z.coerce.number().positive(),
});

export type LoadSettings = z.infer<typeof settingsSchema>;

export const readLoadSettings = (env: NodeJS.ProcessEnv): LoadSettings => settingsSchema.parse(env);

/** What one closed loop measured. */
export const loadResultSchema = z.object({
  requests: z.int().positive(),
  /** Those answered with anything but 200. */
  failed: z.int().nonnegative(),
  perSecond: z.number(),
  medianMs: z.number(),
  p99Ms: z.number(),
});

export type LoadResult = z.infer<typeof loadResultSchema>;
