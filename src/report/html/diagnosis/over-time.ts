import { type Html, html } from "../../markup.ts";
import { px } from "../../picture/svg-marks.ts";
import { bars, drawing, inThrees, label, PARTS, ticksUpTo } from "./chart.ts";
import { type Series, spanText, timeAxis, timeOf } from "./time-axis.ts";

/** The errors that the load balancer made over time, a bar for each step, what it is made of one above the other. */
export function overTimeSvg(series: Series, width: number, id: string): Html {
  const stacks = series.buckets.map(({ failed }) => PARTS.map(({ holds }) => countOf(failed, holds)));
  const sums = stacks.map((parts) => parts.reduce((sum, count) => sum + count, 0));
  const ticks = ticksUpTo(Math.max(...sums));
  const [left, right] = [14 + 9 * inThrees(ticks.at(-1)!).length, width - 8];
  const yOf = (count: number) => BOTTOM - (count / ticks.at(-1)!) * (BOTTOM - TOP);
  const barWidth = (right - left) / stacks.length;
  const gap = barWidth > 4 ? 1 : 0;
  const rects = PARTS.flatMap(({ name }, part) =>
    bars(
      name,
      stacks.map((counts, i) => {
        const below = counts.slice(0, part).reduce((sum, count) => sum + count, 0);
        const y = yOf(below + counts[part]!);
        return { x: left + i * barWidth, y, width: barWidth - gap, height: yOf(below) - y };
      }),
    ),
  );
  const present = PARTS.filter((_, part) => stacks.some((counts) => counts[part]! > 0));
  const desc = `${spanText(series)}. ${mostText(series, sums)} ${present.map(({ title }) => title).join(", ")}.`;
  const legend = present.map(({ name, title }, i) => legendEntry(name, title, i));
  return drawing(
    {
      id: `time-${id}`,
      width,
      height: BOTTOM + 34 + 20 * present.length,
      title: "Errors of the load balancer over time",
      desc,
    },
    [
      ...ticks.flatMap((tick) => [
        html`<path class="chart-grid" d="M${px(left)} ${px(yOf(tick))}H${px(right)}"/>`,
        label(left - 6, yOf(tick) + 4, inThrees(tick), "chart-end"),
      ]),
      ...rects,
      ...timeAxis(series, { left, right, y: BOTTOM, barWidth }),
      ...legend,
    ],
  );
}

const TOP = 12;
const BOTTOM = 192;

const countOf = (failed: Series["buckets"][number]["failed"], holds: (kind: never) => boolean): number =>
  Object.entries(failed).reduce((sum, [kind, count]) => (holds(kind as never) ? sum + count : sum), 0);

function mostText({ buckets }: Series, sums: readonly number[]): string {
  const most = Math.max(...sums);
  return `Most, ${inThrees(most)}, from ${timeOf(buckets[sums.indexOf(most)]!.at)} on. From the axis up:`;
}

function legendEntry(name: string, title: string, i: number): Html {
  const y = BOTTOM + 40 + 20 * i;
  return html`<path class="chart-${name}" d="M8 ${y - 10}h12v12h-12z"/>${label(28, y, title)}`;
}
