import type { Family, Fault, Moment, Outcome, Whom } from "../fault.ts";
import { rightFor, truthOf } from "../oracle.ts";
import { checkOf, demoOf, FIXED, type Ordinary, probeOf, unfixed } from "./runs.ts";

/** By SIGSTOP: a process that is there and does nothing, as on a machine that swaps, or is being moved. */
export const partsStop: Family = {
  name: "parts-stop",
  what: "a part, the target or the command itself is stopped, and goes on later or never",
  faults(random) {
    const allowedFor = (run: Ordinary): Outcome[] => [
      ...rightFor(run.command, truthOf({ ...run, name: "", allowed: [] })),
      ...(["inconclusive", "refused"] as const),
    ];
    const pause = (run: Ordinary, to: Whom, when: Moment, most = 2500): Fault => {
      const [afterMs, forMs] = [random.between(0, 400), random.between(100, most)];
      return {
        ...run,
        name: `${run.command} of ${run.target?.what ?? "its own"}: ${to} stops for ${forMs} ms, ${afterMs} ms into ${when}`,
        deeds: [{ when, afterMs, what: { do: "pause", to, forMs } }],
        allowed: allowedFor(run),
      };
    };
    const stop = (run: Ordinary, to: Whom, when: Moment): Fault => ({
      ...run,
      name: `${run.command} of ${run.target?.what ?? "its own"}: ${to} stops for good, in ${when}`,
      deeds: [{ when, afterMs: random.between(0, 200), what: { do: "signal", signal: "SIGSTOP", to } }],
      allowed: allowedFor(run),
    });
    const everyone: readonly Whom[] = ["HAProxy", "Toxiproxy", "k6", "the command", "the target"];
    return [
      ...everyone.flatMap((whom) => [
        pause(checkOf(unfixed(random)), whom, random.pick(["warm-up", "parts"])),
        pause(checkOf(unfixed(random)), whom, "idle"),
        pause(checkOf(FIXED), whom, "idle"),
        pause(checkOf(FIXED), whom, random.pick(["close", "control"])),
      ]),
      ...(["the command", "the target"] as const).flatMap((whom) => [
        pause(probeOf(unfixed(random)), whom, random.pick(["warm-up", "idle"])),
        pause(probeOf(FIXED), whom, "idle"),
      ]),
      // Each takes the minute after which k6 gives a request up.
      ...(["HAProxy", "Toxiproxy", "k6", "the target"] as const).map((whom) =>
        stop(checkOf(random.pick([FIXED, unfixed(random)])), whom, random.pick(["warm-up", "idle"])),
      ),
      stop(probeOf(FIXED), "the target", "idle"),
      pause(demoOf(), "the target app", "idle"),
      pause(demoOf(), "the last HAProxy", "idle"),
      stop(demoOf(), "the target app", "idle"),
    ];
  },
};
