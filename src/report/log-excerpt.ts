import { formatAlbLine } from "../alb-log/format.ts";
import type { AlbRequest } from "../alb-log/lines.ts";

/** Lines of the logs that a run wrote, to compare with one's own. */
export interface LogExcerpt {
  /** As an ALB would have written them: of a lost request, and of a good one. */
  albLines: readonly string[];
  /** The target's own, of the same requests: a lost one has none. null where the target is the user's own app. */
  targetLines: readonly string[] | null;
}

/**
 * A good and a lost line of an ALB's log, neighbours where there are any, beside the target's own lines of the same two
 * requests. null where no request was lost.
 * @param requests in the order of the ALB's log
 * @param targetLog what our own target app wrote: one JSON object per line, with the same id; null for the user's own app
 */
export function logExcerpt(
  requests: readonly Pick<AlbRequest, "requestId" | "fate" | "entry">[],
  targetLog: readonly string[] | null,
): LogExcerpt | null {
  const at = requests.findIndex(isLost);
  if (at < 0) return null;
  const good = requests.slice(0, at).findLast(isGood) ?? requests.slice(at).find(isGood);
  const chosen = [...(good ? [good] : []), requests[at]!];
  const ids = chosen.map(({ requestId }) => `"id":${JSON.stringify(requestId)}`);
  return {
    albLines: chosen.map(({ entry }) => formatAlbLine(entry)),
    targetLines: targetLog?.filter((line) => ids.some((id) => line.includes(id))) ?? null,
  };
}

type Judged = Pick<AlbRequest, "fate" | "entry">;

/** The LB answered it with 502, though there was a connection to the target. */
const isLost = ({ fate, entry }: Judged): boolean =>
  entry.elb_status_code === "502" && fate !== "answered" && fate !== "unconnected";

/** A 404 is good, too: the app may not have the path. */
const isGood = ({ fate, entry }: Judged): boolean => fate === "answered" && Number(entry.elb_status_code) < 500;
