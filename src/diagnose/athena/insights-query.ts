/**
 * The same for a log group of CloudWatch Logs, where ALBs can write since July 2026: the 502s that look like the race,
 * by hour and target. For lines in the plain format with every field in its order; Logs Insights has no CASE to sort the
 * other causes with. Tried nowhere but against AWS's description of the language.
 */
export const insightsQuery = (): string =>
  `parse @message /^[a-z0-9]+ \\S+ \\S+ \\S+ (?<target>\\S+) (?<request_s>-?[\\d.]+) (?<target_s>-?[\\d.]+) (?<response_s>-?[\\d.]+) (?<elb_status>\\d{3}) (?<target_status>\\S+) /
| filter elb_status = 502 and target_status = "-" and target != "-"
| filter request_s >= 0 and target_s >= 0 and target_s <= 0.1 and response_s < 0
| stats count(*) as races, max(target_s) as longest_s by bin(1h) as hour, target
| sort hour desc`;
