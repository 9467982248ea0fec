import { UsageError } from "../run/exit.ts";

/**
 * "60s", "500ms", "2m" or a bare 0, in ms.
 * @param example what the error suggests
 * @throws UsageError naming the option and its value
 */
export function parseDurationMs(
  option: string,
  text: string,
  { minMs, maxMs, example }: { minMs: number; maxMs: number; example: string },
): number {
  const ms = durationMs(text);
  if (Number.isFinite(ms) && ms >= minMs && ms <= maxMs) return ms;
  const isBare = /^[1-9]\d{0,8}$/.test(text);
  const asSeconds = Number(text) * 1000;
  const instead = isBare && asSeconds >= minMs && asSeconds <= maxMs ? `${text}s` : example;
  throw new UsageError(
    `${option} is ${quoted(text)}${isBare ? " without a unit" : ""}, expected a duration from ${duration(minMs)} to ${duration(maxMs)}; e.g. ${option} ${instead}`,
  );
}

/** "60s", "500ms", "2m" or a bare 0, in ms; NaN for anything else. */
export function durationMs(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text === "0" ? "0ms" : text) ?? [];
  return Number(number) * (UNITS_MS[unit ?? ""] ?? Number.NaN);
}

/** @throws UsageError naming the option and its value */
export function parseWholeNumber(option: string, text: string, { min, max }: { min: number; max: number }): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new UsageError(
    `${option} is ${quoted(text)}, expected a whole number from ${min} to ${max}; e.g. ${option} ${min}`,
  );
}

/**
 * A moment as ISO 8601 has it, in UTC where it names no zone: "2026-11-20", "2026-11-20T10", "2026-11-20T10:30:00Z". In
 * ms since 1970.
 * @throws UsageError naming the option and its value
 */
export function parseMoment(option: string, text: string): number {
  const [, day, hour, rest, zone] = MOMENT.exec(text.trim()) ?? [];
  const ms = Date.parse(`${day}T${hour ?? "00"}${rest ?? ":00"}${zone?.toUpperCase() ?? "Z"}`);
  // Date.parse takes February 30 for March 2.
  const isDay = Number.isFinite(ms) && new Date(`${day}T00:00Z`).toISOString().startsWith(day!);
  if (isDay) return ms;
  throw new UsageError(
    `${option} is ${JSON.stringify(text)}, expected a day or a time, UTC unless it says another zone; e.g. ${option} 2026-11-20T10:30`,
  );
}

const MOMENT = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d)(:\d\d(?::\d\d(?:\.\d{1,9})?)?)?(Z|[+-]\d\d:\d\d)?)?$/i;

/** @throws UsageError naming the option, its value and the choices */
export function parseChoice<T extends string>(option: string, text: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === text);
  if (found) return found;
  throw new UsageError(`${option} is ${quoted(text)}, expected ${choices.join(" or ")}; e.g. ${option} ${choices[0]}`);
}

/** A duration as a person writes it: 500ms, 4s, 60s. */
export const duration = (ms: number): string => (ms % 1000 === 0 && ms > 0 ? `${ms / 1000}s` : `${ms}ms`);

/** What somebody gave, for an error of one line. */
export const quoted = (text: string): string => {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, "?");
  return `"${line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE)}...` : line}"`;
};

const LONGEST_QUOTE = 200;

const UNITS_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000 };
