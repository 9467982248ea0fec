import { nowMs, onTheMs, waitUntil } from "./clock.ts";
import { type LbAnswer, lbRequest, type Route } from "./lb-request.ts";

/** A pooled connection that has just become idle. */
export interface Warm {
  answer: LbAnswer;
  /** When the request that made it idle was sent, on clock.ts's clock. */
  sentMs: number;
}

/**
 * Opens this user's connection to the LB and the LB's to the target, before anything is timed.
 * @returns how long an exchange takes on them when nothing is in the way, ms
 */
export function openConnections(route: Route, user: number): number {
  waitUntil(user * OPENING_MS);
  lbRequest(route, user, `open-${user}`);
  const times = [1, 2, 3].map((n) => {
    const sentMs = nowMs();
    lbRequest(route, user, `open-${user}-${n}`);
    return nowMs() - sentMs;
  });
  return Math.min(...times);
}

/** Users open theirs this far apart: together they would measure how long they wait for each other. */
const OPENING_MS = 15;

/**
 * Sends one request at `atMs`; its answer begins the idle time. When the answer took longer than `exchangeMs`, nobody
 * can say where the time went, so when idleness began: then it asks again, a few times. A target whose answers all take
 * their own time (a database behind it) spends it before it answers, so the last one is counted from its answer.
 */
export function warmConnection(
  route: Route,
  user: number,
  requestId: string,
  atMs: number,
  exchangeMs: number,
  atMost = 4,
): Warm {
  for (let again = 0; ; again++) {
    const sendAtMs = again === 0 ? atMs : onTheMs(nowMs() + 1);
    waitUntil(sendAtMs);
    const sentMs = nowMs();
    const answer = lbRequest(route, user, `${requestId}-${again}`);
    const answeredMs = nowMs();
    if (answeredMs - sentMs <= exchangeMs + USUAL_MS) return { answer, sentMs };
    if (again + 1 === atMost) return { answer, sentMs: answeredMs - exchangeMs };
  }
}

/** How much longer than the shortest exchange the usual one takes. */
const USUAL_MS = 0.7;
