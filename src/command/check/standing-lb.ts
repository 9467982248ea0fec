import { UsageError } from "../../run/exit.ts";
import type { K6Place, Stage } from "../../stage/stage.ts";
import type { CheckOptions } from "./options.ts";

/** How many users ask a standing LB at once, and how often: more often than the simulator, as chance picks their pools. */
export const STANDING = { users: 20, rounds: 10 };

/** Rounds of 20 for a target that outlives the LB: 0 of 60 excludes 6 % and more, with 95 % confidence. */
export const STANDING_REUSES = 3;

/**
 * Says what `--through` will send, unless that was agreed to.
 * @throws UsageError without --yes
 */
export function assertAgreed({ through, yes }: CheckOptions): void {
  if (through === null || yes) return;
  const { users, rounds } = STANDING;
  throw new UsageError(
    `--through would send up to ${mostRequests()} requests to ${through.origin}: ${rounds} bursts of ${users} at once, an idle period of the target apart; add --yes to do so`,
  );
}

/** One to see that it passes requests on, some to open the connections, and three per attempt: warm-up, aimed, after a loss. */
export const mostRequests = (): number => 1 + STANDING.users * (4 + 3 * STANDING.rounds);

/** A standing LB as a stage: nothing of it was started here, so there is nothing to stop and nothing to read. */
export const standingStage = (through: URL, target: URL, k6: K6Place): Stage => ({
  name: "check",
  lbUrl: through.origin,
  targetUrl: target.origin,
  networkAddress: target.host,
  k6,
  taps: [],
  processes: [],
  relay: null,
  logs: { haproxy: [], toxiproxy: [], target: [], k6: [] },
  ours: ["k6"],
  died: new Promise(() => {}),
  stop: async () => {},
});
