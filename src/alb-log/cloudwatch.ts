import type { AlbEntry } from "./fields.ts";

/** A metric of the namespace AWS/ApplicationELB, as this run would have moved it. */
export interface MetricView {
  metric: string;
  /** The statistic that AWS recommends: the sum, or the average for TargetResponseTime. null = it is in no log. */
  value: number | null;
  /** What it does in this run, in words that follow its name. */
  says: string;
}

/**
 * What CloudWatch would have shown for a run, by its access log alone: which metrics move, and which do not.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 * There is no HTTPCode_Target_502_Count, though some pages name it.
 */
export function cloudWatchView(entries: readonly AlbEntry[]): MetricView[] {
  const count = (test: (entry: AlbEntry) => boolean): number => entries.filter(test).length;
  const byLb = (pattern: RegExp) =>
    count((entry) => entry.target_status_code === "-" && pattern.test(entry.elb_status_code));
  const byTarget = (pattern: RegExp) => count(({ target_status_code }) => pattern.test(target_status_code));
  const sums: [metric: string, value: number, meaning: string][] = [
    ["HTTPCode_ELB_502_Count", byLb(/^502$/), "502s that the LB made; the target never sent them"],
    ["HTTPCode_ELB_5XX_Count", byLb(/^5/), "all 5xx that the LB made"],
    ["HTTPCode_ELB_503_Count", byLb(/^503$/), "no target to send to"],
    ["HTTPCode_ELB_504_Count", byLb(/^504$/), "no answer in time"],
    ["HTTPCode_ELB_4XX_Count", byLb(/^4/), "the client's own errors, or it left"],
    ["HTTPCode_Target_2XX_Count", byTarget(/^2/), "what the target answered"],
    ["HTTPCode_Target_3XX_Count", byTarget(/^3/), "what the target answered"],
    ["HTTPCode_Target_4XX_Count", byTarget(/^4/), "what the target answered"],
    ["HTTPCode_Target_5XX_Count", byTarget(/^5/), "the target's own errors; a request lost to the race is not one"],
    [
      "TargetConnectionErrorCount",
      count((entry) => entry["target:port"] !== "-" && entry.request_processing_time === "-1"),
      "connections that could not be made: in a race the connection existed",
    ],
    ["RequestCount", count((entry) => entry["target:port"] !== "-"), "requests for which a target was chosen"],
  ];
  return [
    ...sums.map(([metric, value, meaning]) => ({ metric, value, says: `${value > 0 ? "rises" : "flat"}: ${meaning}` })),
    { metric: "TargetResponseTime", value: averageOf(entries), says: "seconds on average, of answered requests" },
    { metric: "UnHealthyHostCount", value: null, says: "stays flat in a race: health checks are answered" },
    { metric: "NewConnectionCount", value: null, says: "falls with the fix: connections last longer" },
  ];
}

/** The view as a Markdown table. */
export function cloudWatchTable(view: readonly MetricView[]): string {
  const rows = view.map(({ metric, value, says }) => `| ${metric} | ${value ?? "-"} | ${says} |`);
  return ["| AWS/ApplicationELB | value | in this run |", "|---|---|---|", ...rows].join("\n");
}

function averageOf(entries: readonly AlbEntry[]): number | null {
  const times = entries
    .filter(({ target_status_code }) => target_status_code !== "-")
    .map(({ target_processing_time }) => Number(target_processing_time));
  if (times.length === 0) return null;
  return Number((times.reduce((sum, time) => sum + time, 0) / times.length).toFixed(4));
}
