import { measured, setting } from "../../record/units.ts";
import type { Kind, Picture, Row, Span, ZeroEvent } from "./model.ts";

/** What each kind of mark means; the weightiest first. */
export const MEANINGS: Record<Kind, string> = {
  lost: "lost: 502",
  own: "answered (idle connection)",
  fresh: "answered (new connection)",
  answered: "answered (connection not known)",
  other: "another failure",
};

export const KINDS = Object.keys(MEANINGS) as Kind[];

/** The kinds that occur, the weightiest first. */
export function kindsIn({ rows }: Picture): Kind[] {
  const seen = new Set(rows.flatMap(({ marks }) => marks.map(({ kind }) => kind)));
  return KINDS.filter((kind) => seen.has(kind));
}

export const titleOf = ({ run, aim }: Row, length: Length = "long"): string =>
  `${TITLES[run] ?? run}${aim === null ? "" : `, ${AIMS[aim][length]}`}`;

/** The same words, and where there is little room. */
type Length = "long" | "short";

const AIMS: Record<NonNullable<Row["aim"]>, Record<Length, string>> = {
  close: { long: "at the close itself", short: "at the close" },
  clock: { long: "around it, by the clock", short: "by the clock" },
};

const TITLES: Record<string, string> = { before: "before the fix", after: "with the fix" };

export const summaryOf = ({ lost, attempts }: Row, length: Length = "long"): string =>
  `${lost} of ${attempts}${length === "long" ? " requests" : ""} lost`;

/** What stands below a row's marks. */
export function notesOn(row: Row, picture: Picture): string[] {
  const beyond = beyondOf(row, picture);
  return [
    ...(row.allOn === null ? [] : [ALL_ON[row.allOn]]),
    ...(row.heldMs ? [heldText(row.heldMs)] : []),
    ...(beyond.length === 0 ? [] : [`Not drawn: ${beyond.join("; ")}.`]),
  ];
}

/** Said wherever such requests are drawn: the order was forced, by so much. */
const heldText = ({ median, max }: NonNullable<Row["heldMs"]>): string =>
  `Each close was kept back until its request had come by: ${measured(median)} in the median, ${measured(max)} at most.`;

const ALL_ON = {
  idle: "All were answered on the idle connection.",
  new: "All were answered on new connections.",
};

function beyondOf({ earlier, later }: Row, { zero, fromMs, toMs }: Picture): string[] {
  const sides = [
    { ...earlier, where: `earlier than ${atText(zero.gapMs + fromMs)}` },
    { ...later, where: `later than ${atText(zero.gapMs + toMs)}` },
  ];
  return sides
    .filter(({ requests }) => requests > 0)
    .map(({ requests, where, lost }) => `${requests} ${where}, ${lost === 0 ? "none" : lost} of them lost`);
}

/** What happens at the zero of the axis, and the same where there is little room. */
export const EVENTS: Record<ZeroEvent, { long: string; short: string }> = {
  "server-closes": { long: "the server closes", short: "server closes" },
  "lb-closes": { long: "the load balancer closes", short: "LB closes" },
  answer: { long: "the answer", short: "answer" },
};

/** The same for the end of the band. */
export const HEARD = { long: "the load balancer hears of it", short: "LB hears of it" };

/** A gap as it reads on the axis, to the millisecond where that is what it is about: "5.996 s", "205 ms". */
export const atText = (gapMs: number): string =>
  gapMs === 0 ? "0" : gapMs < 1000 ? `${Math.round(gapMs)} ms` : `${(gapMs / 1000).toFixed(3)} s`;

/** A band's width: "2.05 ms". */
export const widthText = ({ fromMs, toMs }: Span): string =>
  toMs - fromMs < 10 ? `${(toMs - fromMs).toFixed(2)} ms` : setting(Math.round(toMs - fromMs));

/** Round offsets for the axis, ms: at most `most` of them, zero among them where it is drawn. */
export function ticksOf({ fromMs, toMs }: Span, most: number): number[] {
  const rough = (toMs - fromMs) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? 10 * power;
  const first = Math.ceil(fromMs / step);
  const last = Math.floor(toMs / step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => tidy((first + i) * step));
}

/** 0.30000000000000004 is 0.3. */
const tidy = (value: number): number => Number(value.toPrecision(9)) + 0;

/** "-2", "0", "+2": an offset with its sign. */
export const signed = (value: number): string => (value > 0 ? `+${value}` : `${value}`);

/** What the picture shows in two sentences, for those who cannot see it. */
export function describePicture({ rows, zero, band }: Picture): string {
  const event = EVENTS[zero.event].long;
  const counts = rows.map((row) => {
    const all = row.allOn === null ? "" : ` ${ALL_ON[row.allOn]}`;
    return `${titleOf(row)}: ${summaryOf(row)}.${all}`;
  });
  const place =
    band === null
      ? `The axis is the time for which a connection had been idle, around ${atText(zero.gapMs)}, where ${event}.`
      : `Requests are lost where the connection had been idle for ${measured(zero.gapMs)} to ${widthText(band)} longer: from when ${event} until ${HEARD.long}, one round trip.`;
  return `${place} ${counts.join(" ")}`;
}
