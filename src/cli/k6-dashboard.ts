import { UsageError } from "../run/exit.ts";

/** @throws UsageError when there is no folder to keep it in */
export function parseK6Dashboard(wanted: boolean, out: string | undefined): boolean {
  if (!wanted || out !== undefined) return wanted;
  throw new UsageError("--k6-dashboard is kept in --out's folder, expected one; add --out DIR");
}
