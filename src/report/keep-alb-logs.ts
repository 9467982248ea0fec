import { cloudWatchTable, cloudWatchView } from "../alb-log/cloudwatch.ts";
import { albLog } from "../alb-log/lines.ts";
import { writeAlbLog } from "../alb-log/write.ts";
import type { StageLog } from "../evidence/stage-log.ts";
import { keepFiles } from "../run/out-folder.ts";
import { type LogExcerpt, logExcerpt } from "./log-excerpt.ts";

export const CLOUDWATCH_FILE = "cloudwatch.md";

/**
 * Writes what an ALB would have logged of each stage to `folder`/alb-access-log, and what CloudWatch would have shown to
 * `folder`/cloudwatch.md.
 * @returns a good and a lost line beside the target's own, for the first stage that lost a request; null if none did
 * @throws as keepFiles()
 */
export async function keepAlbLogs(folder: string, stageLogs: readonly StageLog[]): Promise<LogExcerpt | null> {
  let excerpt: LogExcerpt | null = null;
  const views: string[] = [];
  for (const log of stageLogs) {
    const requests = albLog(log);
    await writeAlbLog(folder, log.name, requests);
    excerpt ??= logExcerpt(requests, log.app?.lines ?? null);
    views.push(`## ${log.name}\n\n${cloudWatchTable(cloudWatchView(requests.map(({ entry }) => entry)))}\n`);
  }
  if (views.length > 0) keepFiles(folder, { [CLOUDWATCH_FILE]: `# CloudWatch's view\n\n${views.join("\n")}` });
  return excerpt;
}
