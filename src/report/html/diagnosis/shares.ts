import type { Diagnosis } from "../../../diagnose/diagnosis.ts";
import type { Html } from "../../markup.ts";
import { bars, drawing, inThrees, LETTER, label } from "./chart.ts";

/** The errors that the load balancer made, a bar for each cause. */
export function sharesSvg({ causes, errors }: Pick<Diagnosis, "causes" | "errors">, width: number, id: string): Html {
  const own = causes.filter(({ kind }) => kind !== "own");
  const most = Math.max(1, ...own.map(({ count }) => count));
  const words = own.map(({ count }) => `${inThrees(count)} (${shareText(count, errors.lb)})`);
  const from = 8 + LETTER * Math.max(...own.map(({ kind }) => kind.length));
  const room = width - from - 8 - LETTER * Math.max(...words.map(({ length }) => length));
  const rows = own.flatMap(({ kind, count }, i) => {
    const y = 8 + i * 28;
    const length = Math.max(2, (count / most) * room);
    const part = kind === "race" || kind === "deploy" ? kind : "other";
    return [
      label(0, y + 14, kind),
      ...bars(part, [{ x: from, y, width: length, height: 20 }]),
      label(from + length + 8, y + 14, words[i]!),
    ];
  });
  const desc = own.map(({ kind, count }) => `${kind}: ${count}`).join("; ");
  return drawing(
    { id: `shares-${id}`, width, height: 12 + 28 * own.length, title: "Errors of the load balancer by cause", desc },
    rows,
  );
}

/** "46 %"; never 0 % of something, nor 100 % of nearly all. */
export function shareText(count: number, all: number): string {
  const percent = (100 * count) / Math.max(1, all);
  if (count === 0 || count === all) return `${percent} %`;
  if (percent < 1) return "< 1 %";
  return percent > 99 ? "> 99 %" : `${Math.round(percent)} %`;
}
