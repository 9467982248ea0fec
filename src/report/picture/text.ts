import type { Result } from "../../record/result.ts";
import type { Progress } from "../../run/progress.ts";
import { type Kind, type Picture, pictureOf, type Row } from "./model.ts";
import { atText, EVENTS, kindsIn, MEANINGS, notesOn, signed, summaryOf, ticksOf, titleOf, widthText } from "./words.ts";

/** Prints the picture, a blank line after it; nothing where no request was aimed. */
export function terminalPicture(result: Result, progress: Progress): void {
  const picture = pictureOf(result);
  if (picture) progress.line(`${pictureText(picture, progress.paint)}\n`);
}

/** The picture for a terminal: plain ASCII, at most 80 columns, without colour. */
export function pictureText(picture: Picture, paint: Progress["paint"] = (_style, text) => text): string {
  const column = (offsetMs: number) =>
    Math.min(
      COLUMNS - 1,
      Math.max(0, Math.round(((offsetMs - picture.fromMs) / (picture.toMs - picture.fromMs)) * (COLUMNS - 1))),
    );
  return [
    ...bandLines(picture, column),
    ...picture.rows.flatMap((row) => rowLines(row, picture, column, paint)),
    ...axisLines(picture, column),
    ...legendLines(picture),
  ].join("\n");
}

/** Two spaces before it, and a margin after it. */
const COLUMNS = 74;
const WIDTH = 78;

type Column = (offsetMs: number) => number;

function bandLines({ band }: Picture, column: Column): string[] {
  if (band === null) return [];
  const from = column(band.fromMs);
  const to = column(band.toMs);
  const label = `requests are lost here: one round trip, ${widthText(band)}`;
  const at = Math.max(0, Math.min(Math.round((from + to - label.length) / 2), COLUMNS - label.length));
  return [indent(at, label), indent(from, `|${"-".repeat(Math.max(0, to - from - 1))}|`)];
}

function rowLines(row: Row, picture: Picture, column: Column, paint: Progress["paint"]): string[] {
  const cells = Array.from({ length: COLUMNS }, () => [] as Kind[]);
  for (const { offsetMs, kind } of row.marks) cells[column(offsetMs)]!.push(kind);
  const each = Math.max(1, Math.ceil(Math.max(...cells.map((kinds) => kinds.length)) / MOST_LINES));
  const stacks = cells.map((kinds) => stackOf(kinds, each));
  const height = Math.max(1, ...stacks.map((stack) => stack.length));
  const lines = Array.from({ length: height }, (_, i) => {
    const signs = stacks.map((stack) => stack[height - 1 - i] ?? " ").join("");
    return indent(0, signs)
      .trimEnd()
      .replace(/X+/g, (lost) => paint("red", lost));
  });
  const scale = each === 1 ? "" : ` (one sign = up to ${each})`;
  return [
    ...wrapped(`${oneLine(titleOf(row))}: ${summaryOf(row)}${scale}`),
    ...lines,
    ...notesOn(row, picture).flatMap((note) => wrapped(`  ${note}`)),
  ];
}

/** Higher would push the verdict off the screen. */
const MOST_LINES = 6;

/** One sign for up to `each` requests of a kind, what was answered at the bottom. */
function stackOf(kinds: readonly Kind[], each: number): string[] {
  return ORDER.flatMap((kind) => {
    const count = kinds.filter((one) => one === kind).length;
    return Array.from({ length: Math.ceil(count / each) }, () => SIGNS[kind]);
  });
}

const SIGNS: Record<Kind, string> = { lost: "X", own: "o", fresh: "+", answered: "a", other: "?" };

const ORDER: Kind[] = ["own", "fresh", "answered", "other", "lost"];

function axisLines(picture: Picture, column: Column): string[] {
  const line = Array.from({ length: COLUMNS }, () => "-");
  const labels = Array.from({ length: COLUMNS }, () => " ");
  let free = 0;
  for (const tick of ticksOf(picture, 9)) {
    const at = column(tick);
    line[at] = "+";
    const text = signed(tick);
    const start = Math.max(0, at - text.length + 1);
    if (start < free || start + text.length > COLUMNS) continue;
    for (const [i, letter] of [...text].entries()) labels[start + i] = letter;
    free = start + text.length + 1;
  }
  return [indent(0, line.join("")), indent(0, `${labels.join("").trimEnd()} ms`), ...wrapped(zeroText(picture.zero))];
}

const zeroText = ({ gapMs, event, by }: Picture["zero"]): string =>
  gapMs === 0
    ? `  0 = ${EVENTS[event].long}`
    : by === "door"
      ? `  0 = ${EVENTS[event].long}, each connection by itself, after ${atText(gapMs)} in the median`
      : `  0 = idle for ${atText(gapMs)}, as the client counts: ${EVENTS[event].long}`;

/** A new line where an entry has no room. */
function legendLines(picture: Picture): string[] {
  const lines: string[] = [];
  for (const kind of kindsIn(picture)) {
    const entry = `${SIGNS[kind]} ${MEANINGS[kind]}`;
    const last = lines.at(-1);
    if (last !== undefined && last.length + 3 + entry.length <= COLUMNS) lines[lines.length - 1] = `${last}   ${entry}`;
    else lines.push(entry);
  }
  return lines.map((line) => indent(0, line));
}

const indent = (columns: number, text: string): string => `  ${" ".repeat(columns)}${text}`;

const oneLine = (text: string): string => text.replace(/[^\x20-\x7e]+/g, " ").slice(0, 40);

/** Broken at spaces, what follows indented. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > WIDTH) {
    const at = rest.lastIndexOf(" ", WIDTH);
    lines.push(rest.slice(0, at).trimEnd());
    rest = `  ${rest.slice(at).trim()}`;
  }
  return [...lines, rest];
}
