import type { AppRequest } from "../../record/request.ts";
import { UsageError } from "../../run/exit.ts";
import type { K6Place, Stage } from "../../stage/stage.ts";
import type { CheckOptions } from "./options.ts";

/** How many users ask a standing LB at once, and how often: more often than the simulator, as chance picks their pools. */
export const STANDING = { users: 20, rounds: 10 };

/** Rounds of 20 for a target that outlives the LB: 0 of 60 excludes 6 % and more, with 95 % confidence. */
export const STANDING_REUSES = 3;

/** What is asked of it before k6 begins. */
export const FIRST_REQUESTS = 2;

/**
 * Says what `--through` will send, unless that was agreed to.
 * @throws UsageError without --yes
 */
export function assertAgreed({ through, yes, request, insecure }: CheckOptions): void {
  if (through === null || yes) return;
  const { users, rounds } = STANDING;
  const repeats = isRepeatable(request)
    ? `, ${fewestAtMost()} unless it closes connections under k6, which then repeats`
    : "";
  const unverified = insecure && through.protocol === "https:" ? "; its certificate is not verified" : "";
  throw new UsageError(
    `--through would send up to ${mostRequests(request)} requests to ${through.origin}${repeats}: ${rounds} bursts of ${users} at once, an idle period of the target apart${unverified}; add --yes to do so`,
  );
}

/** Requests that k6 means to send: some to open the connections, and three per attempt: warm-up, aimed, after a loss. */
const K6_REQUESTS = STANDING.users * (4 + 3 * STANDING.rounds);

const fewestAtMost = (): number => FIRST_REQUESTS + K6_REQUESTS;

/** No more than that ever reach it. */
export const mostRequests = (request: AppRequest): number =>
  FIRST_REQUESTS + (isRepeatable(request) ? 2 : 1) * K6_REQUESTS;

/**
 * Go's HTTP/1 client repeats a request on a new connection, and so once, when its kept connection ends without a byte of
 * an answer: net/http, transport.go, shouldRetryRequest, and request.go, isReplayable.
 */
const isRepeatable = ({ method, headers }: AppRequest): boolean =>
  ["GET", "HEAD", "OPTIONS", "TRACE"].includes(method) ||
  headers.some(([name]) => ["idempotency-key", "x-idempotency-key"].includes(name.toLowerCase()));

/** A standing LB as a stage: nothing of it was started here, so there is nothing to stop and nothing to read. */
export const standingStage = (through: URL, { target, insecure }: CheckOptions, k6: K6Place): Stage => ({
  name: "check",
  lbUrl: through.origin,
  targetUrl: target.origin,
  networkAddress: target.host,
  k6: withVariables(k6, { ...LIKE_THE_PROBE, ...(insecure && { K6_INSECURE_SKIP_TLS_VERIFY: "true" }) }),
  taps: [],
  processes: [],
  relay: null,
  logs: { haproxy: [], toxiproxy: [], target: [], k6: [] },
  ours: ["k6"],
  died: new Promise(() => {}),
  stop: async () => {},
});

/**
 * k6 goes the way that the probe has gone. Straight: a proxy has errors of its own, which would count as the LB's. And by
 * HTTP/1.1: a user has a connection of its own, and a request is repeated once at most.
 */
const LIKE_THE_PROBE = {
  ...{ HTTP_PROXY: "", http_proxy: "", HTTPS_PROXY: "", https_proxy: "" },
  GODEBUG: "http2client=0",
};

const withVariables = (place: K6Place, variables: Record<string, string>): K6Place => ({
  ...place,
  line: (k6Args, more) => place.line(k6Args, { ...variables, ...more }),
});

/** The proxy that the user's shell has for this LB, which is not used; null without one. */
export function unusedProxy({ protocol }: URL, env: NodeJS.ProcessEnv): string | null {
  const name = protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  return [name, name.toLowerCase()].find((one) => env[one]) ?? null;
}
