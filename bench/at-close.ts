import type { Attempt } from "../src/record/attempt.ts";
import { rateText, spreadOf } from "./figures.ts";

/** What became of the requests that were to meet the close of their own connection. */
export interface AtClose {
  aimed: number;
  /** Those that came to the target's door while its close was kept back there. */
  met: number;
  /** Of those that met it. */
  lost: number;
  /** How many did not meet it, by why. */
  missed: Record<string, number>;
  /** For how long the closes were kept back, ms: of each one that was. */
  heldMs: number[];
}

/** @param attempts of unfixed targets; what was sent by the clock, for the picture, does not count */
export function atCloseOf(attempts: readonly Attempt[]): AtClose {
  const aimed = attempts.filter(({ aim }) => aim === "close");
  const met = aimed.filter(({ door }) => door?.end === "hit");
  const missed: Record<string, number> = {};
  for (const { door } of aimed) {
    if (door?.end === "hit") continue;
    const why = door?.why ?? NEVER_CLOSED;
    missed[why] = (missed[why] ?? 0) + 1;
  }
  return {
    aimed: aimed.length,
    met: met.length,
    lost: met.filter(({ outcome }) => outcome === "lost").length,
    missed,
    heldMs: aimed.flatMap(({ door }) => (door?.heldMs == null ? [] : [door.heldMs])),
  };
}

const NEVER_CLOSED = "the target had not closed its connection";

/** Several of them as one. */
export function pooled(all: readonly AtClose[]): AtClose {
  const sum = (of: (one: AtClose) => number) => all.reduce((total, one) => total + of(one), 0);
  const whys = new Set(all.flatMap(({ missed }) => Object.keys(missed)));
  return {
    aimed: sum(({ aimed }) => aimed),
    met: sum(({ met }) => met),
    lost: sum(({ lost }) => lost),
    missed: Object.fromEntries([...whys].map((why) => [why, sum(({ missed }) => missed[why] ?? 0)])),
    heldMs: all.flatMap(({ heldMs }) => heldMs),
  };
}

export const AT_CLOSE_HEADING = [
  "aimed at the close",
  "lost of those that met it (95 % interval)",
  "missed it",
  "kept back, ms: median",
  "max",
];

/** The cells below that heading. */
export function atCloseCells({ aimed, met, lost, heldMs }: AtClose): string[] {
  const held = heldMs.length === 0 ? null : spreadOf(heldMs);
  const ms = (value: number | undefined) => value?.toFixed(1) ?? "-";
  return [`${aimed}`, rateText(lost, met), `${aimed - met}`, ms(held?.median), ms(held?.max)];
}

/** A sentence for each reason for which some did not meet it. */
export const missedSentences = ({ missed }: AtClose): string[] =>
  Object.entries(missed).map(([why, times]) => `${times} missed the close: ${why}.`);
