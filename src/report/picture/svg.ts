import { escaped } from "../escape.ts";
import { KINDS, kindsIn } from "./kinds.ts";
import { type Swarm, swarm } from "./layout.ts";
import { atText, describePicture, type Kind, type Picture, type Row, widthText } from "./picture.ts";
import { PICTURE_STYLE } from "./style.ts";
import { signed, ticks } from "./ticks.ts";

/**
 * The picture as SVG: a file of its own, or a part of a page.
 * @param width in px: text keeps its size, so a phone gets a narrow one instead of a small one
 * @param id unlike any other on the page
 */
export function pictureSvg(picture: Picture, { width = 760, id = "picture" } = {}): string {
  const xOf = (offsetMs: number) =>
    SIDE + ((offsetMs - picture.fromMs) / (picture.toMs - picture.fromMs)) * (width - 2 * SIDE);
  const top = picture.band ? 62 : 16;
  const rows = stackRows(picture.rows, xOf, top);
  const axisY = rows.at(-1)!.bottomY;
  const legend = legendOf(picture, width, axisY + 62);
  const body = [
    ...(picture.band ? bandOf(picture, picture.band, rows, { xOf, width, axisY }) : zeroLine(picture, xOf, axisY)),
    ...rows.flatMap((row) => drawRow(row, xOf, width)),
    ...axisOf(picture, xOf, { width, axisY }),
    ...legend.parts,
  ];
  const height = legend.bottom + 8;
  return `<svg xmlns="http://www.w3.org/2000/svg" class="pic" role="img" aria-labelledby="${id}-t ${id}-d" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<title id="${id}-t">Requests by idle gap: which ones are lost</title>
<desc id="${id}-d">${escaped(describePicture(picture))}</desc>
<style>${PICTURE_STYLE}</style>
<rect class="pic-paper" width="${width}" height="${height}" rx="6"/>
${body.join("\n")}
</svg>
`;
}

const SIDE = 16;

type XOf = (offsetMs: number) => number;

interface PlacedRow extends Row, Swarm {
  topY: number;
  baseY: number;
  /** Below the base line. */
  notes: string[];
  bottomY: number;
}

/** Each row has its title above its marks. */
function stackRows(rows: readonly Row[], xOf: XOf, top: number): PlacedRow[] {
  let y = top;
  return rows.map((row) => {
    const marks = swarm(row.marks, xOf);
    const topY = y;
    const baseY = topY + 30 + Math.max(24, marks.levels * marks.size);
    const notes = [row.how, row.beyond].filter((note) => note !== null);
    y = baseY + 22 + notes.length * 17;
    return { ...row, ...marks, topY, baseY, notes, bottomY: y - 6 };
  });
}

/** Red and hatched where something was lost, an empty frame at the same gaps where nothing was. */
function bandOf(
  { zero }: Picture,
  band: NonNullable<Picture["band"]>,
  rows: readonly PlacedRow[],
  { xOf, width, axisY }: { xOf: XOf; width: number; axisY: number },
): string[] {
  const from = xOf(band.fromMs);
  const to = xOf(band.toMs);
  const narrow = width < 500;
  const left = narrow ? zero.what.replace("the ", "") : zero.what;
  const right = narrow ? "the LB hears of it" : "the load balancer hears of it";
  const middle = Math.min(Math.max((from + to) / 2, 150), width - 150);
  const rects = rows.map(({ topY, baseY, lost }) => {
    const kind = lost > 0 ? "pic-band" : "pic-frame";
    return `<rect class="${kind}" x="${px(from)}" y="${px(topY + 20)}" width="${px(to - from)}" height="${px(baseY - topY - 13)}"/>`;
  });
  return [
    text(middle, 18, `lost here: one round trip, ${widthText(band)}`, "pic-red pic-mid"),
    text(Math.max(from - 4, left.length * LEAST_LETTER), 40, left, "pic-end"),
    text(Math.min(to + 4, width - right.length * LEAST_LETTER), 40, right),
    ...[from, to].map((x) => `<path class="pic-edge" d="M${px(x)} 28V${px(axisY)}"/>`),
    ...rects,
  ];
}

function zeroLine({ zero, fromMs, toMs }: Picture, xOf: XOf, axisY: number): string[] {
  if (fromMs > 0 || toMs < 0) return [];
  const x = xOf(0);
  return [`<path class="pic-edge" d="M${px(x)} 8V${px(axisY)}"/>`, text(x - 4, axisY - 6, zero.what, "pic-end")];
}

function drawRow(row: PlacedRow, xOf: XOf, width: number): string[] {
  const { title, summary, topY, baseY, size, placed, aimed, notes } = row;
  const radius = size * 0.4;
  const shapes = (Object.keys(KINDS) as Kind[]).flatMap((kind) => {
    const marks = placed.filter((mark) => mark.kind === kind);
    if (marks.length === 0) return [];
    const path = marks.map(({ x, level }) => SHAPES[kind](x, baseY - size * (level + 0.5), radius)).join("");
    return [`<path class="pic-${kind}" d="${path}"/>`];
  });
  const bracket = aimed
    ? [`<path class="pic-aimed" d="M${px(xOf(aimed.fromMs))} ${px(baseY + 4)}H${px(xOf(aimed.toMs))}"/>`]
    : [];
  return [
    `<text class="pic-text" x="${SIDE}" y="${px(topY + 14)}"><tspan class="pic-bold">${escaped(short(title))}</tspan>: ${escaped(summary)}</text>`,
    `<path class="pic-line" d="M${SIDE} ${px(baseY)}H${width - SIDE}"/>`,
    ...bracket,
    ...shapes,
    ...notes.map((note, i) => text(SIDE, baseY + 21 + i * 17, note, "pic-small")),
  ];
}

const short = (title: string): string => (title.length > 40 ? `${title.slice(0, 39)}…` : title);

/** Told apart by their form alone: a disc, a cross, a square with a hole, a triangle, a bar. */
const SHAPES: Record<Kind, (x: number, y: number, r: number) => string> = {
  own: (x, y, r) =>
    `M${px(x - r)} ${px(y)}a${px(r)} ${px(r)} 0 1 0 ${px(2 * r)} 0a${px(r)} ${px(r)} 0 1 0 ${px(-2 * r)} 0z`,
  lost: (x, y, r) => `M${px(x - r)} ${px(y - r)}l${px(2 * r)} ${px(2 * r)}m0 ${px(-2 * r)}l${px(-2 * r)} ${px(2 * r)}`,
  fresh: (x, y, r) => `M${px(x - r * 0.85)} ${px(y - r * 0.85)}h${px(r * 1.7)}v${px(r * 1.7)}h${px(-r * 1.7)}z`,
  answered: (x, y, r) => `M${px(x)} ${px(y - r)}l${px(r)} ${px(2 * r)}h${px(-2 * r)}z`,
  other: (x, y, r) => `M${px(x)} ${px(y - r)}v${px(2 * r)}m${px(-r)} ${px(-r)}h${px(2 * r)}`,
};

function axisOf(
  { fromMs, toMs, zero }: Picture,
  xOf: XOf,
  { width, axisY }: { width: number; axisY: number },
): string[] {
  const at = ticks(fromMs, toMs, width / 75);
  const marks = at.map((offset) => `M${px(xOf(offset))} ${px(axisY)}v5`).join("");
  const labels = at.map((offset) => text(xOf(offset), axisY + 18, offset === 0 ? "0" : signed(offset), "pic-mid"));
  const words =
    zero.gapMs === 0
      ? "ms after the answer"
      : `idle gap in ms from ${atText(zero.gapMs)}${width < 500 ? "" : ", as the client counts it"}`;
  return [
    `<path class="pic-axis" d="M${SIDE} ${px(axisY)}H${width - SIDE}${marks}"/>`,
    ...labels,
    text(width / 2, axisY + 36, words, "pic-mid"),
  ];
}

/** Entries side by side, a new line where one does not fit. */
function legendOf(picture: Picture, width: number, top: number): { parts: string[]; bottom: number } {
  const entries = kindsIn(picture).map((kind) => ({
    words: KINDS[kind].meaning,
    shape: (x: number, y: number) => `<path class="pic-${kind}" d="${SHAPES[kind](x, y, 4.4)}"/>`,
  }));
  if (picture.rows.some(({ aimed }) => aimed)) {
    const shape = (x: number, y: number) => `<path class="pic-aimed" d="M${px(x - 6)} ${px(y)}h12"/>`;
    entries.push({ words: "aimed at, settled before sending", shape });
  }
  let x = SIDE;
  let y = top;
  const parts = entries.map(({ words, shape }) => {
    const takes = 26 + words.length * LETTER;
    if (x > SIDE && x + takes > width - 4) {
      x = SIDE;
      y += 20;
    }
    const part = `${shape(x + 6, y - 4)}${text(x + 18, y, words)}`;
    x += takes;
    return part;
  });
  return { parts, bottom: y + 4 };
}

/** A letter's width on average, generously. */
const LETTER = 7.4;

/** What lower-case words take. */
const LEAST_LETTER = 6.3;

const text = (x: number, y: number, words: string, kind = ""): string =>
  `<text class="pic-text${kind && ` ${kind}`}" x="${px(x)}" y="${px(y)}">${escaped(words)}</text>`;

/** A tenth of a px is as fine as it gets. */
const px = (value: number): number => Math.round(value * 10) / 10;
