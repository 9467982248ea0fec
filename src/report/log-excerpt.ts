import type { AlbLine } from "../alb-log/lines.ts";

/** Lines of the logs that a run wrote, to be held against one's own. */
export interface LogExcerpt {
  /** As an ALB would have written them: of a lost request, and of a good one. */
  albLines: readonly string[];
  /** The target's own, of the same requests: a lost one has none. null where its log is somebody else's. */
  targetLines: readonly string[] | null;
}

/**
 * A good and a lost line of an ALB's log, neighbours where there are any, beside the target's own lines of the same two
 * requests. null where no request was lost.
 * @param albLines in the order of the log, each with its X-Request-Id
 * @param targetLog what our own target app wrote: a JSON object a line, with the same id; null for somebody's own app
 */
export function logExcerpt(
  albLines: readonly Pick<AlbLine, "requestId" | "fate" | "line">[],
  targetLog: readonly string[] | null,
): LogExcerpt | null {
  const at = albLines.findIndex(({ fate }) => fate === "closed");
  if (at < 0) return null;
  const isGood = ({ line }: { line: string }) => / 200 200 /.test(line);
  const good = albLines.slice(0, at).findLast(isGood) ?? albLines.slice(at).find(isGood);
  const chosen = [...(good ? [good] : []), albLines[at]!];
  const ids = chosen.map(({ requestId }) => `"id":${JSON.stringify(requestId)}`);
  return {
    albLines: chosen.map(({ line }) => line),
    targetLines: targetLog?.filter((line) => ids.some((id) => line.includes(id))) ?? null,
  };
}
