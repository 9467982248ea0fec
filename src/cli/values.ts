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
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text === "0" ? "0ms" : text) ?? [];
  const ms = Number(number) * (UNITS_MS[unit ?? ""] ?? Number.NaN);
  if (Number.isFinite(ms) && ms >= minMs && ms <= maxMs) return ms;
  throw new UsageError(
    `${option} is "${text}", expected a duration from ${duration(minMs)} to ${duration(maxMs)}; e.g. ${option} ${example}`,
  );
}

/** @throws UsageError naming the option and its value */
export function parseWholeNumber(option: string, text: string, { min, max }: { min: number; max: number }): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new UsageError(`${option} is "${text}", expected a whole number from ${min} to ${max}; e.g. ${option} ${min}`);
}

/** @throws UsageError naming the option, its value and the choices */
export function parseChoice<T extends string>(option: string, text: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === text);
  if (found) return found;
  throw new UsageError(`${option} is "${text}", expected ${choices.join(" or ")}; e.g. ${option} ${choices[0]}`);
}

/** A duration as a person writes it: 500ms, 4s, 60s. */
export const duration = (ms: number): string => (ms % 1000 === 0 && ms > 0 ? `${ms / 1000}s` : `${ms}ms`);

const UNITS_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000 };
