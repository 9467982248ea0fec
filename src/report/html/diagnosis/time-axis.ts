import type { Diagnosis } from "../../../diagnose/diagnosis.ts";
import { type Html, html } from "../../markup.ts";
import { px } from "../../picture/svg-marks.ts";
import { label } from "./chart.ts";

export type Series = NonNullable<Diagnosis["series"]>;

/** "2026-11-20 06:00 to 12:00 UTC, a bar for each 5 minutes". */
export function spanText({ stepMs, buckets }: Series): string {
  const [from, to] = [timeOf(buckets[0]!.at), new Date(Date.parse(buckets.at(-1)!.at) + stepMs).toISOString()];
  const until = timeOf(to);
  return `${from} to ${until.slice(0, 10) === from.slice(0, 10) ? until.slice(11) : until} UTC, a bar for each ${stepText(stepMs)}`;
}

/** "2026-11-20 06:00" */
export const timeOf = (at: string): string => at.slice(0, 16).replace("T", " ");

export function stepText(stepMs: number): string {
  const minutes = stepMs / 60_000;
  const [count, unit] =
    minutes % 1440 === 0 ? [minutes / 1440, "day"] : minutes % 60 === 0 ? [minutes / 60, "hour"] : [minutes, "minute"];
  return count === 1 ? unit : `${count} ${unit}s`;
}

/** The line below the bars with its times: days where it is a matter of days, else hours and minutes. */
export function timeAxis(
  { buckets }: Series,
  { left, right, y, barWidth }: { left: number; right: number; y: number; barWidth: number },
): Html[] {
  const most = Math.max(1, Math.floor((right - left) / LABEL));
  const every = Math.max(1, Math.ceil(buckets.length / most));
  const shown = buckets.flatMap(({ at }, i) => (i % every === 0 ? [{ at, x: left + i * barWidth }] : []));
  const spanMs = Date.parse(buckets.at(-1)!.at) - Date.parse(buckets[0]!.at);
  const words = (at: string) => (spanMs > 2 * 86_400_000 ? at.slice(5, 10) : at.slice(11, 16));
  const room = shown.filter(({ x }) => x + LABEL / 2 < right);
  return [
    html`<path class="chart-axis" d="M${px(left)} ${px(y)}H${px(right)}${shown.map(({ x }) => `M${px(x)} ${px(y)}v5`).join("")}"/>`,
    ...room.map(({ at, x }) => label(x, y + 18, words(at), x - LABEL / 2 < 0 ? "" : "chart-mid")),
  ];
}

/** Of a time, with the air around it, px. */
const LABEL = 64;
