import type { Action, Family, Fault, Moment } from "../fault.ts";
import { rightFor, truthOf } from "../oracle.ts";
import type { Random } from "../random.ts";
import { checkOf, FIXED, type Ordinary, unfixed } from "./runs.ts";

type Toxic = Omit<Extract<Action, { do: "toxic" }>, "do">;

/** Between LB and target: https://github.com/Shopify/toxiproxy#toxics */
const TOXICS: readonly [words: string, toxic: (random: Random) => Toxic][] = [
  ["delays each answer", (random) => ({ type: "latency", attributes: { latency: random.between(5, 300) } })],
  ["delays each answer by chance", () => ({ type: "latency", attributes: { latency: 50, jitter: 50 } })],
  ["is slow to close", (random) => ({ type: "slow_close", attributes: { delay: random.between(50, 1500) } })],
  ["resets connections", (random) => ({ type: "reset_peer", attributes: { timeout: random.between(0, 1000) } })],
  ["drops all, and closes", (random) => ({ type: "timeout", attributes: { timeout: random.between(50, 1000) } })],
  [
    "drops all for a while",
    (random) => ({ type: "timeout", attributes: { timeout: 0 }, forMs: random.between(100, 900) }),
  ],
  ["has 1 KB a second", () => ({ type: "bandwidth", attributes: { rate: 1 } })],
  [
    "cuts all into small pieces",
    () => ({ type: "slicer", attributes: { average_size: 20, size_variation: 10, delay: 500 } }),
  ],
  [
    "ends connections after some bytes",
    (random) => ({ type: "limit_data", attributes: { bytes: random.between(20, 400) } }),
  ],
];

export const network: Family = {
  name: "network",
  what: "the network between LB and target delays, cuts, resets or drops",
  faults(random) {
    const during = (run: Ordinary, when: Moment, [words, toxic]: (typeof TOXICS)[number]): Fault => ({
      ...run,
      name: `${run.command} of ${run.target!.what}: the network ${words}, from ${when} on`,
      deeds: [{ when, afterMs: random.between(0, 300), what: { do: "toxic", ...toxic(random) } }],
      allowed: [...rightFor(run.command, truthOf({ ...run, name: "", allowed: [] })), "inconclusive", "refused"],
    });
    return TOXICS.flatMap((toxic) => [
      during(checkOf(unfixed(random)), random.pick(["warm-up", "idle"]), toxic),
      during(checkOf(FIXED), random.pick(["warm-up", "idle"]), toxic),
    ]);
  },
};
