import { join } from "node:path";
import { cloudWatchTable, cloudWatchView } from "../alb-log/cloudwatch.ts";
import { albLogLines } from "../alb-log/lines.ts";
import { writeAlbLog } from "../alb-log/write.ts";
import type { Stage } from "../stage/stage.ts";
import { keep } from "./keep-logs.ts";
import { type LogExcerpt, logExcerpt } from "./log-excerpt.ts";

export const CLOUDWATCH_FILE = "cloudwatch.md";

/**
 * Writes what an ALB would have logged of each stage to `folder`/alb-access-log, and what CloudWatch would have shown to
 * `folder`/cloudwatch.md.
 * @returns a good and a lost line beside the target's own, of the first stage that lost a request; null without one
 * @throws UsageError when they cannot be written
 */
export async function keepAlbLogs(
  folder: string,
  stages: readonly Pick<Stage, "name" | "logs" | "ours" | "targetUrl">[],
  rttMs: number,
): Promise<LogExcerpt | null> {
  let excerpt: LogExcerpt | null = null;
  const views: string[] = [];
  for (const { name, logs, ours, targetUrl } of stages) {
    if (!ours.includes("haproxy")) continue;
    const targetLog = ours.includes("target") ? logs.target : null;
    const target = new URL(targetUrl).host;
    const lines = albLogLines({ run: name, haproxyLog: logs.haproxy, targetLog, target, rttMs });
    await writeAlbLog(folder, name, lines);
    excerpt ??= logExcerpt(lines, targetLog);
    views.push(`## ${name}\n\n${cloudWatchTable(cloudWatchView(lines.map(({ line }) => line)))}\n`);
  }
  if (views.length > 0) await keep(join(folder, CLOUDWATCH_FILE), `# CloudWatch's view\n\n${views.join("\n")}`);
  return excerpt;
}
