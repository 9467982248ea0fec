import type { Kind } from "../../../diagnose/cause.ts";
import { type Html, html, lines } from "../../markup.ts";
import { px } from "../../picture/svg-marks.ts";

/** What the bars are made of, from the axis up: told apart by their place and their lightness too. */
export const PARTS = [
  { name: "race", title: "the keep-alive race", holds: (kind: Kind) => kind === "race" },
  { name: "deploy", title: "a target that left or restarted", holds: (kind: Kind) => kind === "deploy" },
  { name: "other", title: "other errors of the load balancer", holds: (kind: Kind) => !NOT_OTHER.has(kind) },
] as const;

/** The target's own 5xx are none of the load balancer's. */
const NOT_OTHER: ReadonlySet<Kind> = new Set<Kind>(["race", "deploy", "own"]);

/** A drawing with its title and description, which are all that a screen reader has of it. */
export const drawing = (
  { id, width, height, title, desc }: { id: string; width: number; height: number; title: string; desc: string },
  body: readonly Html[],
): Html => html`<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-labelledby="${id}-t ${id}-d" viewBox="0 0 ${width} ${px(height)}" width="${width}" height="${px(height)}">
<title id="${id}-t">${title}</title>
<desc id="${id}-d">${desc}</desc>
${lines(body)}
</svg>`;

/** Both sizes of a drawing; the page shows one of them. */
export const inBothWidths = (
  draw: (width: number, id: string) => Html,
): Html => html`<div class="wide">${draw(900, "wide")}</div>
<div class="narrow">${draw(340, "narrow")}</div>`;

/** At its base line. */
export const label = (x: number, y: number, words: string, kind = ""): Html =>
  html`<text${kind === "" ? null : html` class="${kind}"`} x="${px(x)}" y="${px(y)}">${words}</text>`;

/** As many letters as have room. */
export const fitting = (text: string, widthPx: number): string => {
  const most = Math.max(4, Math.floor(widthPx / LETTER));
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
};

/** A letter's width, generously, px. */
export const LETTER = 8;

/** Rectangles as one path. */
export const bars = (
  kind: string,
  rects: readonly { x: number; y: number; width: number; height: number }[],
): Html[] => {
  const path = rects
    .filter(({ height, width }) => height > 0 && width > 0)
    .map(({ x, y, width, height }) => `M${px(x)} ${px(y)}h${px(width)}v${px(height)}h${px(-width)}z`)
    .join("");
  return path === "" ? [] : [html`<path class="chart-${kind}" d="${path}"/>`];
};

/** Round values from 0 to at least `most`, two to five of them. */
export function ticksUpTo(most: number): number[] {
  const unit = 10 ** Math.floor(Math.log10(Math.max(1, most)));
  const step =
    [0.25, 0.5, 1, 2, 5].map((times) => times * unit).find((one) => most / one <= 4 && Number.isInteger(one)) ?? unit;
  const last = Math.max(1, Math.ceil(most / step));
  return Array.from({ length: last + 1 }, (_, i) => i * step);
}

/** "1,234": digits in threes, whatever the machine's language is. */
export const inThrees = (count: number): string => `${count}`.replace(/\B(?=(\d{3})+$)/g, ",");
