import type { Attempt } from "../record/attempt.ts";
import type { EdgeLine } from "./edge-log.ts";

/**
 * Compares what k6 counted with what the LB logged: k6's transport repeats some requests unseen, so its word alone is
 * not enough.
 * @param lbIdleMs the LB's idle timeout: the simulated LB may repeat what had been idle for that long (haproxy.cfg,
 * add(50)), since an ALB's own timer loses nothing; null = nothing may be repeated
 * @returns a sentence for each way in which they differ; none when every aimed request is in the log exactly once, with
 * the same status and not repeated by the LB, and no other request failed
 */
export function disagreements(
  attempts: readonly Attempt[],
  edge: readonly EdgeLine[],
  lbIdleMs: number | null = null,
): string[] {
  const sent = attempts.filter(({ outcome }) => outcome !== "missed");
  const early = sent.filter(({ gapMs }) => lbIdleMs === null || gapMs < lbIdleMs - REPEATS_WITHIN_MS);
  return [differing(sent, edge), repeated(early, edge), unexplained(sent, edge)].filter((doubt) => doubt !== null);
}

/** The 50 ms of haproxy.cfg, and what an exchange takes. */
export const REPEATS_WITHIN_MS = 80;

function differing(sent: readonly Attempt[], edge: readonly EdgeLine[]): string | null {
  const logged = new Map<string, number[]>();
  for (const { id, status } of edge) logged.set(id, [...(logged.get(id) ?? []), status]);
  const differ = sent.filter(({ requestId, status }) => {
    const statuses = logged.get(requestId) ?? [];
    return statuses.length !== 1 || statuses[0] !== status;
  });
  const first = differ[0];
  if (!first) return null;
  const seen = logged.get(first.requestId)?.join(", ") ?? "nothing";
  return `k6 and the LB's log disagree on ${differ.length} of ${sent.length} requests: k6 saw status ${first.status} for ${first.requestId}, the LB logged ${seen}.`;
}

function repeated(sent: readonly Attempt[], edge: readonly EdgeLine[]): string | null {
  const ids = new Set(sent.map(({ requestId }) => requestId));
  const hidden = edge.filter(({ id, retries }) => ids.has(id) && retries !== "0");
  if (!hidden[0]) return null;
  return `The LB repeated ${hidden.length} aimed requests, so it may have hidden a loss; the first is ${hidden[0].id}.`;
}

function unexplained(sent: readonly Attempt[], edge: readonly EdgeLine[]): string | null {
  const ids = new Set(sent.map(({ requestId }) => requestId));
  const others = edge.filter(({ id, status }) => status >= 500 && !ids.has(id));
  if (!others[0]) return null;
  return `The LB answered ${others.length} other requests with an error; the first is ${others[0].id} with ${others[0].status}.`;
}
