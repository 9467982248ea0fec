import type { Attempt, DoorSight } from "../record/attempt.ts";
import type { Evidence, Loss, Segment } from "../record/evidence.ts";
import type { Carrier, Fate } from "./fate.ts";
import type { StageLog } from "./stage-log.ts";
import { is502OnWire, lossOnWire, type OnHops, segmentsAround, typicalLoss, type WireRequests } from "./wire.ts";

/** What is known of one run, from all four that saw it: k6, the LB, the app and the capture. */
export interface Seen {
  attempts: readonly Attempt[];
  log: Pick<StageLog, "requests" | "app">;
  /** What was captured of this run; or why nothing was. */
  capture: { by: string; packets: number; requests: WireRequests } | { why: string };
}

/** Says why each lost request of a run was lost. */
export function explain(seen: Seen): Evidence {
  const lost = seen.attempts.filter(({ outcome }) => outcome === "lost");
  const losses = lost.map((attempt) => explainLoss(attempt, seen));
  if ("why" in seen.capture) return { losses, capture: null, why: seen.capture.why };
  const { by, packets, requests } = seen.capture;
  const aimed = new Set(seen.attempts.map(({ requestId }) => requestId));
  const onWire = [...requests].filter(([id]) => aimed.has(id)).map(([, request]) => request);
  return {
    losses,
    capture: {
      by,
      packets,
      counts: {
        // A loss that the client sees as the target's unasked 408 is not a 502.
        k6: lost.filter(({ status }) => status === NO_ANSWER).length,
        lb: seen.log.requests.filter(({ id, status }) => status === 502 && aimed.has(id)).length,
        wire502: onWire.filter(is502OnWire).length,
        resets: onWire.filter((request) => lossOnWire(request) !== null).length,
      },
      examples: {
        lost: exampleOf("lost", seen.attempts, requests),
        own: exampleOf("own", seen.attempts, requests),
        fresh: exampleOf("fresh", seen.attempts, requests),
      },
    },
    why: null,
  };
}

/** What makes a verdict doubtful: a sentence for each. */
export function doubtsOfEvidence({ losses, capture }: Evidence): string[] {
  const doubts: string[] = [];
  const open = losses.filter(({ explanation }) => explanation === null);
  if (open[0]) {
    doubts.push(
      `${open.length} of ${losses.length} lost requests cannot be explained; the first is ${open[0].requestId}.`,
    );
  }
  if (capture) {
    const { k6, lb, wire502, resets } = capture.counts;
    if (new Set([k6, lb, wire502, resets]).size > 1) {
      doubts.push(
        `k6 counted ${k6} lost requests, the LB's log ${lb}; the capture shows ${wire502} 502s and ${resets} resets.`,
      );
    }
  }
  return doubts;
}

function explainLoss({ requestId, door, status }: Attempt, { attempts, log, capture }: Seen): Loss {
  const app = log.app?.ids ?? null;
  const logged = log.requests.find(({ id }) => id === requestId);
  const fate = logged?.fate ?? null;
  const { connection, closedBy, idleMs } = fate && "connection" in fate ? fate : NOT_KNOWN;
  const request = "requests" in capture ? capture.requests.get(requestId) : undefined;
  const onWire = request ? lossOnWire(request) : null;
  const loss: Omit<Loss, "explanation"> = {
    requestId,
    atMs: (logged?.atUs ?? 0) / 1000,
    connection,
    closedBy,
    // The door's clock is the target's own end of the connection; the LB's log counts from when the LB was done with it.
    idleMs: door?.idleMs ?? idleMs,
    wire: onWire?.wire ?? null,
    afterFinMs: onWire?.afterFinMs ?? null,
    seenByApp: app ? app.has(requestId) || (isWhole(app, attempts) ? false : null) : null,
  };
  const explanation =
    (door && explanationAtDoor(door, loss, fate, status)) ?? explanationOf(loss, fate, "requests" in capture);
  return { ...loss, explanation };
}

/**
 * The relay saw the target close and then the request come, on that same connection. null where it saw no close, or the
 * request first: then the logs have to tell.
 */
function explanationAtDoor(
  { end, said, idleMs, heldMs, afterCloseMs }: DoorSight,
  { seenByApp }: Omit<Loss, "explanation">,
  fate: Fate | null,
  status: number,
): string | null {
  const isLater = afterCloseMs !== null && afterCloseMs >= 0;
  // The close had been let go, and was still on its way to the LB. The request may have met it before it came to the door.
  const metAfterAll = end === "missed" && heldMs !== null && (afterCloseMs === null || isLater) && wasReused(fate);
  // It never came to the door: it met that close on its way, at the LB's end of the network.
  const metOnTheWay = end === "watched" && afterCloseMs === null && wasReused(fate);
  const gotUnasked = end === "missed" && said === "bytes" && status !== NO_ANSWER;
  const met = end === "hit" || (end === "watched" && isLater) || metAfterAll || metOnTheWay || gotUnasked;
  if (!met || said === null || idleMs === null || seenByApp === true) return null;
  const what =
    said === "RST" ? "reset the connection" : said === "FIN" ? "closed the connection" : "ended the connection unasked";
  const after = afterCloseMs === null ? "" : `; the request came ${afterCloseMs.toFixed(2)} ms later`;
  const until = end === "hit" ? "while the relay kept that back" : "after the relay had let that go";
  const kept = heldMs === null ? "" : `, ${until} (${heldMs.toFixed(2)} ms)`;
  const got = status === NO_ANSWER ? "" : `; the client got a ${status} that belongs to no request`;
  const unseen = seenByApp === false ? "; the app never saw it" : "";
  return `The target ${what} after it had been idle for ${(idleMs / 1000).toFixed(3)} s${after}${kept}${got}${unseen}.`;
}

/** By the LB's log: sent on a connection that had been idle, and that the target ended. */
const wasReused = (fate: Fate | null): boolean =>
  fate !== null && "idleMs" in fate && fate.idleMs !== null && fate.closedBy === "target";

/** The LB's own, for a connection that ended without an answer. */
const NO_ANSWER = 502;

const NOT_KNOWN: Carrier = { connection: null, closedBy: "unknown", idleMs: null };

/** A log that lacks a request which its app answered may lack others. */
const isWhole = (app: ReadonlySet<string>, attempts: readonly Attempt[]): boolean =>
  attempts.every(({ outcome, requestId }) => !["own", "fresh"].includes(outcome) || app.has(requestId));

function explanationOf(
  { seenByApp, wire, afterFinMs }: Omit<Loss, "explanation">,
  fate: Fate | null,
  hasCapture: boolean,
): string | null {
  if (fate?.kind !== "race") return null;
  if (hasCapture && wire === null) return null;
  const idle = `The target closed the connection after it had been idle for ${(fate.idleMs / 1000).toFixed(3)} s`;
  const unseen = seenByApp === false ? "; the app never saw it" : "";
  if (wire === "after-fin") return `${idle}; the request came ${afterFinMs!.toFixed(2)} ms after its FIN${unseen}.`;
  if (wire === "unread") return `${idle}, with the request in its socket, unread${unseen}.`;
  if (wire === "at-lb") return `${idle}; the request met its FIN at the LB's end of the network${unseen}.`;
  if (wire === "inside-lb") return `${idle}; the request met its FIN inside the LB${unseen}.`;
  if (wire === "reset") return `${idle}, by a reset${unseen}.`;
  return `${idle}, as the request was on its way${unseen}.`;
}

function exampleOf(
  outcome: "lost" | "own" | "fresh",
  attempts: readonly Attempt[],
  requests: WireRequests,
): Segment[] | null {
  const found = attempts
    .filter((attempt) => attempt.outcome === outcome)
    .map(({ requestId }) => requests.get(requestId))
    .filter((request) => request?.far !== undefined) as OnHops[];
  const far = typicalLoss(found)?.far;
  return far ? segmentsAround(far) : null;
}
