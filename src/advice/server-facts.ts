import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UsageError } from "../run/exit.ts";
import { ROOT } from "../run/root.ts";

const textSchema = z.string().min(1);
const msSchema = z.int().nonnegative();
const rangeSchema = z.strictObject({ minMs: z.int(), maxMs: z.int() }).refine((r) => r.minMs <= r.maxMs, "min > max");
const patternSchema = textSchema.transform((pattern) => new RegExp(pattern));

/** All that is given must hold. null = that header must be absent. */
const ruleSchema = z.strictObject({
  server: patternSchema.nullable().optional(),
  poweredBy: patternSchema.nullable().optional(),
  /** What the Keep-Alive header promises. */
  claimedMs: rangeSchema.nullable().optional(),
  idleCloseMs: rangeSchema.optional(),
  /** idleCloseMs - claimedMs. */
  afterClaimMs: rangeSchema.optional(),
  /** What follows the status in the status line. */
  phrase: z.string().optional(),
  /** Names of headers, in lower case, that follow one another. */
  inOrder: z.array(textSchema).min(2).optional(),
  /** Values of other headers, by their names in lower case (src/probe/tells.ts has which are kept). */
  marks: z.record(textSchema, patternSchema).optional(),
  httpVersion: z.enum(["1.0", "1.1"]).optional(),
  announcedClose: z.boolean().optional(),
});

const factsSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z][a-z0-9-]*$/),
    /** What else --framework calls it. */
    also: z.array(z.string().regex(/^[a-z][a-z0-9-]*$/)).optional(),
    /** Can begin a sentence or a line. */
    title: textSchema,
    /** Any of them; none = it can't be told from outside. */
    match: z.array(ruleSchema),
    /** Documented. 0 = it closes after each answer; null = never. */
    defaultIdleMs: msSchema.nullable(),
    /** The same on the wire, where it was measured and ended. */
    measuredIdleMs: msSchema.nullable(),
    /** The earliest that its coarse clock closes; absent where it has none. */
    earliestIdleMs: msSchema.optional(),
    /** Where the idle close is set; null = nowhere. */
    setting: textSchema.nullable(),
    unit: z.enum(["ms", "s", "duration"]).nullable(),
    /** How a comment begins in the language of `paste`. */
    comment: z.enum(["#", "//", "<!--"]),
    /** What to paste, with {ms}, {ms+1000} and {s} for the value. */
    paste: z.array(textSchema),
    /** The most it takes, and what to give instead of more. */
    max: z.strictObject({ s: z.int().positive(), instead: z.int(), meaning: textSchema }).nullable(),
    /** What to paste where it closes after each answer without saying so; null = only the general rule is known. */
    closesAtOnce: z.array(textSchema).min(1).nullable(),
    /** Sentences; the placeholders of `paste` work here too. */
    notes: z.array(textSchema),
    source: z.url(),
  })
  .refine(({ setting, unit }) => (setting === null) === (unit === null), "setting and unit: both or neither")
  .refine(({ setting, paste }) => (setting === null) === (paste.length === 0), "setting and paste: both or neither")
  .refine(
    ({ setting, paste }) => setting === null || paste.some((line) => /\{(ms|s)\}/.test(line)),
    "paste: no {ms} or {s}",
  );

export const serversSchema = z.array(factsSchema);

export type RecognitionRule = z.infer<typeof ruleSchema>;
export type ServerFacts = z.infer<typeof factsSchema>;

/** @throws UsageError that names the entry by its id, and the field that is wrong */
export function parseServers(text: string): readonly ServerFacts[] {
  const json = parseJson(text);
  const parsed = serversSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  const [index, ...field] = path;
  const id =
    Array.isArray(json) && index !== undefined ? (json[Number(index)] as { id?: unknown } | null)?.id : undefined;
  const where = index === undefined ? [] : [typeof id === "string" ? id : `entry ${Number(index) + 1}`];
  throw new UsageError(
    `${FILE}: ${[...where, ...field, message].join(": ")}; src/advice/server-facts.ts says what each field holds`,
  );
}

const FILE = "src/advice/servers.json";

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${FILE}: not JSON; fix it`);
  }
}

/** servers.json in its order: the first match wins. Times in ms. */
export const SERVERS: readonly ServerFacts[] = parseServers(readFileSync(join(ROOT, FILE), "utf8"));
