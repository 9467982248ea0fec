import type { Attempt } from "../verdict/attempt.ts";
import type { EdgeLine } from "./edge-log.ts";

/**
 * Holds what k6 counted against what the LB logged: k6's transport repeats some requests unseen, so its word alone is
 * not enough.
 * @returns a sentence that names the difference; null when they agree on every aimed request
 */
export function disagreement(attempts: readonly Attempt[], edge: readonly EdgeLine[]): string | null {
  const logged = new Map<string, number[]>();
  for (const { id, status } of edge) logged.set(id, [...(logged.get(id) ?? []), status]);
  const differing = attempts.filter(({ requestId, status, outcome }) => {
    if (outcome === "missed") return false;
    const statuses = logged.get(requestId) ?? [];
    return statuses.length !== 1 || statuses[0] !== status;
  });
  const first = differing[0];
  if (!first) return null;
  const seen = logged.get(first.requestId)?.join(", ") ?? "nothing";
  return `k6 and the LB's log disagree on ${differing.length} of ${attempts.length} requests: of ${first.requestId} k6 saw status ${first.status}, the LB logged ${seen}.`;
}
