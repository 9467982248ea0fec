import type { Picture } from "./picture.ts";
import { px, SIDE, text } from "./shapes.ts";
import { signed, ticks } from "./ticks.ts";
import { atText } from "./words.ts";

/** Where an offset lies, px. */
export type XOf = (offsetMs: number) => number;

/** The time axis with its ticks and what it counts. */
export function axisOf(
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
