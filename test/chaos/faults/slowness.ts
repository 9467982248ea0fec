import type { Action, Family, Fault, Moment, Outcome, Whom } from "../fault.ts";
import { rightFor, truthOf } from "../oracle.ts";
import { checkOf, demoOf, FIXED, type Ordinary, probeOf, unfixed } from "./runs.ts";

/** A process that gets a part of its core only, or cores that others compute on. */
export const slowness: Family = {
  name: "slowness",
  what: "a part, the target or the command gets little of the CPU",
  faults(random) {
    const during = (run: Ordinary, when: Moment, what: Action, words: string): Fault => ({
      ...run,
      name: `${run.command} of ${run.target?.what ?? "its own"}: ${words}, from ${when} on`,
      deeds: [{ when, afterMs: random.between(0, 300), what }],
      allowed: [
        ...rightFor(run.command, truthOf({ ...run, name: "", allowed: [] })),
        ...(["inconclusive", "refused"] as Outcome[]),
      ],
    });
    const slow = (run: Ordinary, to: Whom, when: Moment): Fault => {
      const [onMs, offMs] = [random.between(2, 20), random.between(10, 80)];
      const what = { do: "slow", to, onMs, offMs, forMs: random.between(1000, 4000) } as const;
      return during(run, when, what, `${to} runs for ${onMs} ms of each ${onMs + offMs}`);
    };
    const hog = (run: Ordinary, when: Moment): Fault =>
      during(run, when, { do: "hog", processes: 4, forMs: 3000 }, "four processes compute for 3 s");
    return [
      ...(["HAProxy", "Toxiproxy", "k6", "the command", "the target"] as const).flatMap((whom) => [
        slow(checkOf(unfixed(random)), whom, random.pick(["warm-up", "idle"])),
        slow(checkOf(FIXED), whom, random.pick(["idle", "close"])),
      ]),
      slow(probeOf(unfixed(random)), "the target", "idle"),
      slow(probeOf(FIXED), "the target", "idle"),
      slow(probeOf(unfixed(random)), "the command", "idle"),
      slow(demoOf(), "the target app", "idle"),
      slow(demoOf(), "k6", "idle"),
      hog(checkOf(unfixed(random)), "folder"),
      hog(checkOf(unfixed(random)), "idle"),
      hog(checkOf(FIXED), "idle"),
      hog(probeOf(unfixed(random)), "idle"),
    ];
  },
};
