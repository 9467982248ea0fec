import { z } from "zod";
import { durationSchema, howShape, lbSchema, requestShape, runtimeSchema, textSchema } from "../settings.ts";

/** How the app is started. The names are those of Playwright's webServer. */
const startSchema = z
  .strictObject(
    {
      command: z
        .union([z.string().min(1), z.array(z.string()).min(1)], {
          error: 'expected a command; e.g. "npm start", or ["node", "app.js"] without a shell in between',
        })
        .describe("One text is a shell's; a list is a program and its arguments"),
      cwd: z.string().min(1).optional().describe("The folder in which it is started. Default: the config file's"),
      env: z.record(z.string(), textSchema).optional().describe("Variables for it, beside those of this process"),
      timeout: durationSchema({ minMs: 100, maxMs: 3_600_000, example: "60s" })
        .optional()
        .describe("How long it may take to answer. Default: 60s"),
      reuseExistingServer: z
        .boolean()
        .optional()
        .describe("Use what listens there already, and stop it not. Default: false"),
      gracefulShutdown: z
        .strictObject({
          signal: z.enum(["SIGTERM", "SIGINT", "SIGQUIT", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGKILL"]).optional(),
          timeout: durationSchema({ minMs: 0, maxMs: 600_000, example: "5s" }).optional(),
        })
        .optional()
        .describe("What its process group is sent in the end, and SIGKILL after this time. Default: SIGTERM, 5s"),
    },
    {
      error: ({ code }) =>
        code === "invalid_type" ? 'expected an object; e.g. { "command": "npm start" }' : undefined,
    },
  )
  .describe("How the app is started, and stopped in the end; without it, it has to run already");

const targetSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9][\w-]{0,63}$/, {
        error: "expected letters, digits, _ and -, 64 at most: it is the name of a folder, too",
      })
      .describe("What it is called in reports; its own are in the folder of this name"),
    url: z.string().min(1).describe("http://localhost:3000/health, localhost:3000, 3000/health or just 3000"),
    start: startSchema.optional(),
    lb: lbSchema.optional(),
  })
  .extend(z.strictObject({ ...requestShape, ...howShape }).partial().shape);

/** alb502.config.json, or what alb502.config.ts exports: docs/config.md. */
export const configSchema = z.strictObject({
  $schema: z.string().optional().describe("For editors"),
  lb: lbSchema.optional().describe("The load balancer in front of all targets; a target may have its own"),
  options: z
    .strictObject({
      ...howShape,
      runtime: runtimeSchema,
      atOnce: z.int().min(1).max(8).describe("How many targets are checked at a time. Default: 3"),
    })
    .partial()
    .optional()
    .describe("How all targets are checked; a target may say otherwise"),
  targets: z
    .array(targetSchema)
    .min(1)
    .refine((targets) => sameNames(targets).length === 0, {
      error: (issue) =>
        `expected each name once, whatever its case, and ${sameNames(issue.input as Named[]).join(", ")} comes more often`,
    }),
});

/** As a file has it. */
export type Config = z.input<typeof configSchema>;
export type ConfigTarget = Config["targets"][number];
export type ConfigStart = NonNullable<ConfigTarget["start"]>;

/** The JSON Schema of alb502.config.json (draft 2020-12). */
export const configJsonSchema = () => ({
  title: "alb502.config.json",
  ...z.toJSONSchema(configSchema, { io: "input" }),
});

interface Named {
  name?: unknown;
}

function sameNames(targets: readonly Named[]): string[] {
  const names = targets.map(({ name }) => `${name}`.toLowerCase());
  return [...new Set(names.filter((name, i) => names.indexOf(name) !== i))];
}
