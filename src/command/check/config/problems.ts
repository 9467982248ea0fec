import type { z } from "zod";
import { nearest } from "./nearest.ts";

/**
 * What is wrong with a value that somebody wrote, one line for each problem: where it is, what it is, what was expected.
 * A name that is not known is told with the nearest that is.
 */
export function problemsOf(schema: z.ZodType, value: unknown): string[] {
  const parsed = schema.safeParse(value, { reportInput: true });
  return parsed.success ? [] : parsed.error.issues.flatMap((issue) => linesOf(issue, value, schema));
}

function linesOf(issue: z.core.$ZodIssue, value: unknown, schema: z.ZodType): string[] {
  const where = pathText(issue.path);
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(schema, issue.path);
    return issue.keys.map((key) => {
      const meant = nearest(key, known);
      const instead = meant === null ? `expected one of ${known.join(", ")}` : `did you mean ${meant}?`;
      return `${pathText([...issue.path, key])} is not known: ${instead}`;
    });
  }
  const found = at(value, issue.path);
  if (found === undefined) return [`${where} is missing: ${expectation(issue)}`];
  return [`${where} is ${shown(found)}: ${expectation(issue)}`];
}

/** targets[0].lb.idleTimeout */
export function pathText(path: readonly PropertyKey[]): string {
  const text = path
    .map((key) =>
      typeof key === "number"
        ? `[${key}]`
        : /^[\w$]+$/.test(String(key))
          ? `.${String(key)}`
          : `[${JSON.stringify(key)}]`,
    )
    .join("");
  return text.replace(/^\./, "") || "the whole of it";
}

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.message.startsWith("expected ")) return issue.message;
  switch (issue.code) {
    case "invalid_type":
      return `expected ${TYPES[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return `expected ${issue.values.map((one) => JSON.stringify(one)).join(" or ")}`;
    case "too_small":
      return `expected ${issue.origin === "array" ? `at least ${issue.minimum} of them` : issue.origin === "string" ? "a text that is not empty" : `${issue.minimum} or more`}`;
    case "too_big":
      return `expected ${issue.maximum} at most`;
    default:
      return issue.message;
  }
}

const TYPES: Record<string, string> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object of names and values",
};

/** What an object may have at this place of the schema. */
function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  const def = (schema as z.ZodType).def as z.core.$ZodTypeDef & {
    innerType?: z.core.$ZodType;
    element?: z.core.$ZodType;
    shape?: Record<string, z.core.$ZodType>;
  };
  if (def.innerType) return keysAt(def.innerType, path);
  const [key, ...rest] = path;
  if (key === undefined) return Object.keys(def.shape ?? {});
  const below = typeof key === "number" ? def.element : def.shape?.[String(key)];
  return below === undefined ? [] : keysAt(below, rest);
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  let found = value;
  for (const key of path) found = (found as Record<PropertyKey, unknown> | null | undefined)?.[key];
  return found;
}

/** Values of objects may be secrets, and are long. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}

const LONGEST = 80;
