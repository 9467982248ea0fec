import { plainName } from "./named-fields.ts";

/**
 * The objects in a line of JSON that holds several: side by side, as Firehose joins them, or as the events of CloudWatch.
 * null where there is one, or none.
 */
export function entriesIn(line: string): string[] | null {
  if (line[0] !== "{" && line[0] !== "[") return null;
  if (line.includes("}{") || line.includes("} {")) return objectsIn(line);
  if (!/^\[|"(logEvents|events|results|Records)"\s*:\s*\[/.test(line.slice(0, 2000))) return null;
  const value = parsed(line.trimEnd().replace(/,$/, ""));
  const list = Array.isArray(value) ? value : isObject(value) ? Object.values(value).find(Array.isArray) : undefined;
  return Array.isArray(list) && list.every(isObject) ? list.map((one) => latin1(JSON.stringify(one))) : null;
}

/**
 * One object's fields by their plain names. A string: the line that an event of CloudWatch holds as its message. null where
 * it is no object of JSON.
 */
export function jsonEntry(line: string): Map<string, string> | string | null {
  const text = line.trim().replace(/^[[,]\s*(?=\{)|(?<=\})\s*[\],]+$/g, "");
  const message = text.length < LONGEST_EVENT ? MESSAGE.exec(text) : null;
  if (message !== null) return stringOf(message[1]!);
  if (text[0] !== "{") return null;
  const value = parsed(text);
  if (!isObject(value)) return null;
  const inner = value.message ?? value["@message"] ?? value.log;
  if (typeof inner === "string") return latin1(inner);
  return new Map(
    Object.entries(isObject(inner) ? inner : value).flatMap(([name, field]) => {
      const text = textOf(field);
      return text === null ? [] : [[plainName(name), text] as const];
    }),
  );
}

/** CloudWatch's own limit is 256 kB, an ALB's line far below. */
const LONGEST_EVENT = 256 * 1024;

/** A line of its own in pretty-printed JSON. */
const MESSAGE = /^"@?message"\s*:\s*("(?:[^"\\]|\\.)*")\s*,?$/;

function textOf(value: unknown): string | null {
  if (value === null) return "-";
  if (typeof value === "string") return latin1(value.replace(/[\r\n]/g, " "));
  if (typeof value === "number") return Math.abs(value) < 1e-3 && value !== 0 ? value.toFixed(6) : `${value}`;
  // "target_status_code_list": ["200", "502"]
  if (Array.isArray(value)) return value.length === 0 ? "-" : value.map(textOf).join(" ");
  return typeof value === "boolean" ? `${value}` : null;
}

function stringOf(json: string): string | null {
  const value = parsed(json);
  return typeof value === "string" ? latin1(value) : null;
}

/** Objects side by side; what cannot be told apart is the last one. */
function objectsIn(line: string): string[] {
  const objects: string[] = [];
  let [depth, from, inString] = [0, 0, false];
  for (let at = 0; at < line.length; at++) {
    const mark = line[at];
    if (inString) {
      if (mark === "\\") at += 1;
      else if (mark === '"') inString = false;
    } else if (mark === '"') inString = true;
    else if (mark === "{") {
      if (depth === 0) from = at;
      depth += 1;
    } else if (mark === "}") {
      depth -= 1;
      if (depth === 0) objects.push(line.slice(from, at + 1));
      if (depth < 0) depth = 0;
    }
  }
  return depth > 0 ? [...objects, line.slice(from)] : objects;
}

/** Lines are bytes as latin1, JSON is UTF-8. */
function parsed(latin1Text: string): unknown {
  try {
    return JSON.parse(Buffer.from(latin1Text, "latin1").toString("utf8"));
  } catch {
    return undefined;
  }
}

const latin1 = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
