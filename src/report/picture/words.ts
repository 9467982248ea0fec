import { measured, setting } from "../../record/units.ts";
import type { Picture } from "./picture.ts";

/** A gap as it reads on the axis, to the millisecond where that is what it is about: "5.996 s", "205 ms". */
export const atText = (gapMs: number): string =>
  gapMs === 0 ? "0" : gapMs < 1000 ? `${Math.round(gapMs)} ms` : `${(gapMs / 1000).toFixed(3)} s`;

/** A band's width: "2.05 ms". */
export const widthText = ({ fromMs, toMs }: { fromMs: number; toMs: number }): string =>
  toMs - fromMs < 10 ? `${(toMs - fromMs).toFixed(2)} ms` : setting(Math.round(toMs - fromMs));

/** In two sentences, what the picture shows: for those who do not see it. */
export function describePicture({ rows, zero, band }: Picture): string {
  const counts = rows.map(({ title, summary, how }) => `${title}: ${summary}.${how ? ` ${how}` : ""}`).join(" ");
  const place =
    band === null
      ? `The axis is the time for which a connection had been idle, around ${atText(zero.gapMs)}, where ${zero.what}.`
      : `Requests are lost where the connection had been idle for ${measured(zero.gapMs)} to ${widthText(band)} more: from when ${zero.what} until the load balancer hears of it, one round trip.`;
  return `${place} ${counts}`;
}
