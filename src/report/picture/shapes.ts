import { escaped } from "../markup.ts";
import type { Kind } from "./picture.ts";

/** Told apart by their form alone: a disc, a cross, a square with a hole, a triangle, a bar. */
export const SHAPES: Record<Kind, (x: number, y: number, r: number) => string> = {
  own: (x, y, r) =>
    `M${px(x - r)} ${px(y)}a${px(r)} ${px(r)} 0 1 0 ${px(2 * r)} 0a${px(r)} ${px(r)} 0 1 0 ${px(-2 * r)} 0z`,
  lost: (x, y, r) => `M${px(x - r)} ${px(y - r)}l${px(2 * r)} ${px(2 * r)}m0 ${px(-2 * r)}l${px(-2 * r)} ${px(2 * r)}`,
  fresh: (x, y, r) => `M${px(x - r * 0.85)} ${px(y - r * 0.85)}h${px(r * 1.7)}v${px(r * 1.7)}h${px(-r * 1.7)}z`,
  answered: (x, y, r) => `M${px(x)} ${px(y - r)}l${px(r)} ${px(2 * r)}h${px(-2 * r)}z`,
  other: (x, y, r) => `M${px(x)} ${px(y - r)}v${px(2 * r)}m${px(-r)} ${px(-r)}h${px(2 * r)}`,
};

/** At its base line. */
export const text = (x: number, y: number, words: string, kind = ""): string =>
  `<text class="pic-text${kind && ` ${kind}`}" x="${px(x)}" y="${px(y)}">${escaped(words)}</text>`;

/** A letter's width on average, generously. */
export const LETTER = 7.4;

/** A tenth of a px is as fine as it gets. */
export const px = (value: number): number => Math.round(value * 10) / 10;

/** Air to the left and right of what is drawn, px. */
export const SIDE = 16;
