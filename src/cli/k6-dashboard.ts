import { UsageError } from "../run/exit.ts";

/** As node:util's parseArgs takes it: whether k6's own web dashboard is kept too. */
export const K6_DASHBOARD_OPTION = { "k6-dashboard": { type: "boolean", default: false } } as const;

export const K6_DASHBOARD_HELP = "  --k6-dashboard   with --out: also k6's own web dashboard, as a file";

/** @throws UsageError when there is no folder to keep it in */
export function k6DashboardOf(values: { "k6-dashboard": boolean; out?: string | undefined }): boolean {
  const wanted = values["k6-dashboard"];
  if (!wanted || values.out !== undefined) return wanted;
  throw new UsageError("--k6-dashboard is kept in --out's folder, expected one; add --out DIR");
}
