import { type Html, html } from "../../markup.ts";
import { px } from "../../picture/svg-marks.ts";
import { bars, drawing, fitting, inThrees, label } from "./chart.ts";
import { type Series, spanText, timeAxis } from "./time-axis.ts";

/** A row of bars for each target, all with the same axes: one that fails alone, or all at once, is seen at a glance. */
export function byTargetSvg(series: Series, width: number, id: string): Html {
  const { targets } = series;
  const [left, right] = [8, width - 8];
  const barWidth = (right - left) / series.buckets.length;
  const most = Math.max(1, ...targets.flatMap(({ failed }) => failed));
  const bottom = targets.length * ROW;
  const rows = targets.flatMap(({ name, failed }, row) => {
    const base = (row + 1) * ROW - 6;
    const total = inThrees(failed.reduce((sum, count) => sum + count, 0));
    const rects = failed.map((count, i) => {
      // The least is seen, too.
      const height = count === 0 ? 0 : Math.max(2, (count / most) * BAR);
      return {
        x: left + i * barWidth,
        y: base - height,
        width: Math.max(1, barWidth - (barWidth > 4 ? 1 : 0)),
        height,
      };
    });
    return [
      label(left, row * ROW + 16, fitting(nameOf(name), width - 40 - 9 * total.length)),
      label(right, row * ROW + 16, total, "chart-end chart-strong"),
      ...bars("any", rects),
      html`<path class="chart-grid" d="M${left} ${px(base)}H${px(right)}"/>`,
    ];
  });
  const desc = `${spanText(series)}. ${targets.map(({ name, failed }) => `${nameOf(name)}: ${failed.reduce((sum, count) => sum + count, 0)}`).join("; ")}.`;
  return drawing(
    { id: `targets-${id}`, width, height: bottom + 28, title: "Errors of the load balancer by target", desc },
    [...rows, ...timeAxis(series, { left, right, y: bottom, barWidth })],
  );
}

const ROW = 58;
/** The highest. */
const BAR = 30;

const nameOf = (target: string): string => (target === "-" ? "no target" : target);
