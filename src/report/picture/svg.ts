import { escaped } from "../markup.ts";
import { KINDS } from "./kinds.ts";
import { type Swarm, swarm } from "./layout.ts";
import { legendOf } from "./legend.ts";
import type { Kind, Picture, Row } from "./picture.ts";
import { LETTER, px, SHAPES, SIDE, text } from "./shapes.ts";
import { PICTURE_STYLE } from "./style.ts";
import { axisOf, type XOf } from "./svg-axis.ts";
import { describePicture, widthText } from "./words.ts";

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
  const right = narrow ? "LB hears of it" : "the load balancer hears of it";
  const middle = Math.min(Math.max((from + to) / 2, 150), width - 150);
  const rects = rows.map(({ topY, baseY, lost }) => {
    const kind = lost > 0 ? "pic-band" : "pic-frame";
    return `<rect class="${kind}" x="${px(from)}" y="${px(topY + 20)}" width="${px(to - from)}" height="${px(baseY - topY - 13)}"/>`;
  });
  return [
    text(middle, 18, `lost here: one round trip, ${widthText(band)}`, "pic-red pic-mid"),
    text(Math.max(from - 4, left.length * LETTER), 40, left, "pic-end"),
    text(Math.min(to + 4, width - right.length * LETTER), 40, right),
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
