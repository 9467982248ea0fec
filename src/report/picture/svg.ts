import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../run/root.ts";
import { Html, html, lines } from "../markup.ts";
import type { Picture, Row, Span } from "./model.ts";
import { px, SHAPES, type Swarm, swarm } from "./svg-marks.ts";
import {
  atText,
  describePicture,
  EVENTS,
  HEARD,
  KINDS,
  kindsIn,
  MEANINGS,
  notesOn,
  signed,
  summaryOf,
  ticksOf,
  titleOf,
  widthText,
} from "./words.ts";

/**
 * The picture as SVG: a file of its own, or a part of a page.
 * @param width in px: text keeps its size, so a phone gets a narrow one instead of a small one
 * @param id unlike any other on the page
 */
export function pictureSvg(picture: Picture, { width = 760, id = "picture" } = {}): Html {
  const xOf = (offsetMs: number) =>
    SIDE + ((offsetMs - picture.fromMs) / (picture.toMs - picture.fromMs)) * (width - 2 * SIDE);
  const rows = stackRows(picture, xOf, width);
  const paper = { xOf, width, axisY: rows.at(-1)!.bottomY };
  const legend = legendOf(picture, paper);
  const height = legend.bottomY + 8;
  const body = [
    ...(picture.band ? bandOf(picture, picture.band, rows, paper) : zeroLine(picture, paper)),
    ...rows.flatMap((row) => drawRow(row, paper)),
    ...axisOf(picture, paper),
    ...legend.parts,
  ];
  return html`<svg xmlns="http://www.w3.org/2000/svg" class="pic" role="img" aria-labelledby="${id}-t ${id}-d" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<title id="${id}-t">Requests by idle gap: which ones are lost</title>
<desc id="${id}-d">${describePicture(picture)}</desc>
<style>
${STYLE}</style>
<rect class="pic-paper" width="${width}" height="${height}" rx="6"/>
${lines(body)}
</svg>
`;
}

const STYLE = new Html(readFileSync(join(ROOT, "src/report/picture/picture.css"), "utf8"));

/** Margin to the left and right of what is drawn, px. */
const SIDE = 16;

interface Paper {
  /** Where an offset lies, px. */
  xOf: (offsetMs: number) => number;
  width: number;
  axisY: number;
}

interface PlacedRow extends Row, Swarm {
  topY: number;
  baseY: number;
  /** Below the base line. */
  notes: string[];
  bottomY: number;
}

/** Each row has its title above its marks. */
function stackRows(picture: Picture, xOf: Paper["xOf"], width: number): PlacedRow[] {
  let y = picture.band ? 62 : 16;
  return picture.rows.map((row) => {
    const marks = swarm(row.marks, xOf);
    const topY = y;
    const baseY = topY + 30 + Math.max(24, marks.levels * marks.size);
    const notes = notesOn(row, picture).flatMap((note) => broken(note, (width - 2 * SIDE) / SMALL_LETTER));
    y = baseY + 22 + notes.length * 17;
    return { ...row, ...marks, topY, baseY, notes, bottomY: y - 6 };
  });
}

/** At spaces, into lines of at most `most` letters. */
function broken(text: string, most: number): string[] {
  const rows: string[] = [];
  for (const word of text.split(" ")) {
    const longer = `${rows.at(-1)} ${word}`;
    if (rows.length > 0 && longer.length <= most) rows[rows.length - 1] = longer;
    else rows.push(word);
  }
  return rows;
}

/** Red where something was lost, an empty frame at the same gaps where nothing was. */
function bandOf({ zero }: Picture, band: Span, rows: readonly PlacedRow[], { xOf, width, axisY }: Paper): Html[] {
  const from = xOf(band.fromMs);
  const to = xOf(band.toMs);
  const length = isNarrow(width) ? "short" : "long";
  const left = EVENTS[zero.event][length];
  const right = HEARD[length];
  const middle = Math.min(Math.max((from + to) / 2, 150), width - 150);
  const rects = rows.map(({ topY, baseY, lost, band: own }) => {
    const width = xOf(own?.toMs ?? band.toMs) - from;
    const kind = lost > 0 ? "pic-band" : "pic-frame";
    return html`<rect class="${kind}" x="${px(from)}" y="${px(topY + 20)}" width="${px(width)}" height="${px(baseY - topY - 13)}"/>`;
  });
  return [
    text(middle, 18, `lost here: one round trip, ${widthText(band)}`, "pic-red pic-mid"),
    text(Math.max(from - 4, left.length * LETTER), 40, left, "pic-end"),
    text(Math.min(to + 4, width - right.length * LETTER), 40, right),
    ...[from, to].map((x) => html`<path class="pic-edge" d="M${px(x)} 28V${px(axisY)}"/>`),
    ...rects,
  ];
}

const isNarrow = (width: number): boolean => width < 500;

/** A letter's width on average, generously, px; and of the notes' smaller ones. */
const LETTER = 7.4;
const SMALL_LETTER = 6.6;

function zeroLine({ zero, fromMs, toMs }: Picture, { xOf, axisY }: Paper): Html[] {
  if (fromMs > 0 || toMs < 0) return [];
  const x = xOf(0);
  return [
    html`<path class="pic-edge" d="M${px(x)} 8V${px(axisY)}"/>`,
    text(x - 4, axisY - 6, EVENTS[zero.event].long, "pic-end"),
  ];
}

function drawRow(row: PlacedRow, { xOf, width }: Paper): Html[] {
  const { topY, baseY, size, placed, aimed, notes } = row;
  const radius = size * 0.4;
  const shapes = KINDS.flatMap((kind) => {
    const marks = placed.filter((mark) => mark.kind === kind);
    const path = marks.map(({ x, level }) => SHAPES[kind](x, baseY - size * (level + 0.5), radius)).join("");
    return marks.length === 0 ? [] : [html`<path class="pic-${kind}" d="${path}"/>`];
  });
  const bracket = aimed
    ? [html`<path class="pic-aimed" d="M${px(xOf(aimed.fromMs))} ${px(baseY + 4)}H${px(xOf(aimed.toMs))}"/>`]
    : [];
  const length = row.aim !== null && isNarrow(width) ? "short" : "long";
  return [
    html`<text class="pic-text" x="${SIDE}" y="${px(topY + 14)}"><tspan class="pic-bold">${short(titleOf(row, length))}</tspan>: ${summaryOf(row, length)}</text>`,
    html`<path class="pic-line" d="M${SIDE} ${px(baseY)}H${width - SIDE}"/>`,
    ...bracket,
    ...shapes,
    ...notes.map((note, i) => text(SIDE, baseY + 21 + i * 17, note, "pic-small")),
  ];
}

const short = (title: string): string => (title.length > 40 ? `${title.slice(0, 39)}…` : title);

/** The time axis with its ticks and what it counts. */
function axisOf(picture: Picture, { xOf, width, axisY }: Paper): Html[] {
  const { gapMs, by } = picture.zero;
  const at = ticksOf(picture, width / 75);
  const marks = at.map((offset) => `M${px(xOf(offset))} ${px(axisY)}v5`).join("");
  const labels = at.map((offset) => text(xOf(offset), axisY + 18, signed(offset), "pic-mid"));
  const words =
    gapMs === 0
      ? "ms after the answer"
      : by === "door"
        ? `ms from each connection's own close, after ${atText(gapMs)} in the median`
        : `idle gap in ms from ${atText(gapMs)}${isNarrow(width) ? "" : ", as the client counts it"}`;
  return [
    html`<path class="pic-axis" d="M${SIDE} ${px(axisY)}H${width - SIDE}${marks}"/>`,
    ...labels,
    text(width / 2, axisY + 36, words, "pic-mid"),
  ];
}

/** Entries side by side below the axis, a new line where one does not fit. */
function legendOf(picture: Picture, { width, axisY }: Paper): { parts: Html[]; bottomY: number } {
  const entries = kindsIn(picture).map((kind) => ({
    words: MEANINGS[kind],
    shape: (x: number, y: number) => html`<path class="pic-${kind}" d="${SHAPES[kind](x, y, 4.4)}"/>`,
  }));
  if (picture.rows.some(({ aimed }) => aimed)) {
    const shape = (x: number, y: number) => html`<path class="pic-aimed" d="M${px(x - 6)} ${px(y)}h12"/>`;
    entries.push({ words: "aimed at, settled before sending", shape });
  }
  let x = SIDE;
  let y = axisY + 62;
  const parts = entries.map(({ words, shape }) => {
    const takes = 26 + words.length * LETTER;
    if (x > SIDE && x + takes > width - 4) {
      x = SIDE;
      y += 20;
    }
    const part = html`${shape(x + 6, y - 4)}${text(x + 18, y, words)}`;
    x += takes;
    return part;
  });
  return { parts, bottomY: y + 4 };
}

/** At its base line. */
const text = (x: number, y: number, words: string, kind = ""): Html =>
  html`<text class="pic-text${kind && ` ${kind}`}" x="${px(x)}" y="${px(y)}">${words}</text>`;
