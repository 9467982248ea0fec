import { readdirSync, readFileSync } from "node:fs";
import { z } from "zod";
import { docPage } from "../run/doc-page.ts";
import { UsageError } from "../run/exit.ts";
import { ROOT } from "../run/root.ts";

const textSchema = z.string().min(1);
const msSchema = z.int().positive();

/** simulator/profiles/NAME.json; ${docPage("profiles.md")} says what every field means. */
export const profileSchema = z
  .strictObject({
    name: z.string().regex(/^[a-z][a-z0-9-]*$/),
    title: textSchema,
    /** How long the LB keeps an idle connection to the target unless told otherwise. */
    idleTimeoutMs: msSchema,
    /** A URL, or what was measured, and on which version. */
    idleTimeoutSource: textSchema,
    /** What it can be set to; maxMs null = no limit documented. null = it is fixed. */
    range: z.strictObject({ minMs: msSchema, maxMs: msSchema.nullable() }).nullable(),
    /** Where it is set. null = it is fixed. */
    setting: textSchema.nullable(),
    /** Lines to paste that set it, with {s} or {ms} for the value; null where no line sets it exactly. */
    lowerIdle: z.array(textSchema).min(1).nullable(),
    /** Whether the idle timeout also ends a response that takes longer, with a 504. */
    boundsResponses: z.boolean(),
    /** Whether it silently resends a request that was lost on a reused connection. */
    repeatsLost: z.enum(["no", "idempotent", "unknown"]),
    repeatsLostSource: textSchema,
    /** What a lost request looks like in its log or its answer. */
    signature: textSchema.nullable(),
    notes: z.array(textSchema),
  })
  .refine(({ range, setting }) => (range === null) === (setting === null), "range and setting: both or neither")
  .refine(({ range, lowerIdle }) => lowerIdle === null || range !== null, "lowerIdle: what is fixed cannot be lowered")
  .refine(({ lowerIdle }) => lowerIdle?.some((line) => /\{m?s\}/.test(line)) ?? true, "lowerIdle: no {s} or {ms}")
  .refine(
    ({ range, idleTimeoutMs: idle }) =>
      range === null || (idle >= range.minMs && idle <= (range.maxMs ?? Number.POSITIVE_INFINITY)),
    "idleTimeoutMs: outside its range",
  );

/** One kind of LB, as data. Times in ms. */
export type LbProfile = z.infer<typeof profileSchema>;

/** What --profile takes: the ALB, then the others in alphabetical order. */
export function profileNames(): string[] {
  const names = readdirSync(FOLDER)
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.slice(0, -".json".length));
  return names.sort((a, b) => Number(b === DEFAULT_PROFILE) - Number(a === DEFAULT_PROFILE) || a.localeCompare(b));
}

export const DEFAULT_PROFILE = "alb";

/** @throws UsageError for an unknown name, and for a file that breaks the schema */
export function loadProfile(name: string): LbProfile {
  const names = profileNames();
  if (!names.includes(name)) {
    throw new UsageError(`--profile ${name}: no such load balancer; choose one of ${names.join(", ")}`);
  }
  return parseProfile(name, readFileSync(`${FOLDER}${name}.json`, "utf8"));
}

/** @throws UsageError that names the file `name`.json and the field that is wrong */
export function parseProfile(name: string, text: string): LbProfile {
  const file = `simulator/profiles/${name}.json`;
  const parsed = profileSchema.safeParse(parseJson(file, text));
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw new UsageError(
      `${file}: ${[...path, message].join(": ")}; ${docPage("profiles.md")} says what each field holds`,
    );
  }
  if (parsed.data.name !== name) throw new UsageError(`${file}: its name is ${parsed.data.name}; give both the same`);
  return parsed.data;
}

const FOLDER = `${ROOT}/simulator/profiles/`;

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${file}: not JSON; fix it`);
  }
}
