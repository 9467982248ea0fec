import type { Family, Fault, Moment, Outcome, Part } from "../fault.ts";
import { rightFor } from "../oracle.ts";
import { checkOf, demoOf, FIXED, type Ordinary, unfixed, upOf } from "./runs.ts";

const PARTS: readonly Part[] = ["HAProxy", "Toxiproxy", "k6"];

/** By SIGKILL, as the OOM killer does it. */
export const partsDie: Family = {
  name: "parts-die",
  what: "HAProxy, Toxiproxy, k6 or the target app is killed, in each phase",
  faults(random) {
    const kill = (run: Ordinary, whom: Part | `the last ${Part}`, when: Moment, allowed: readonly Outcome[]): Fault => {
      const afterMs = random.between(0, 300);
      return {
        ...run,
        name: `${run.command} of ${run.target?.what ?? "its own"}: ${whom} is killed ${afterMs} ms into ${when}`,
        deeds: [{ when, afterMs, what: { do: "signal", signal: "SIGKILL", to: whom } }],
        allowed,
      };
    };
    // Where all has been fired already, what is lost is lost.
    const late: readonly Outcome[] = [...rightFor("check", "loses"), "inconclusive", "refused"];
    const dead: readonly Outcome[] = ["inconclusive", "refused"];
    const ofCheck = PARTS.flatMap((part) => [
      kill(checkOf(unfixed(random)), part, "warm-up", dead),
      kill(checkOf(unfixed(random)), part, "idle", dead),
      kill(checkOf(unfixed(random)), part, "close", late),
      kill(checkOf(FIXED), part, "warm-up", dead),
      kill(checkOf(FIXED), part, "idle", dead),
      // Its own parts have done their work; the control's have not.
      kill(checkOf(FIXED), part, "control", [...dead, "clean"]),
      kill(checkOf(FIXED), `the last ${part}`, "control", dead),
    ]);
    const ofDemo = [...PARTS, "the target app" as const].flatMap((part) => [
      kill(demoOf(), part, random.pick(["parts", "warm-up"]), dead),
      kill(demoOf(), `the last ${part}`, "idle", dead),
    ]);
    const ofUp = (["HAProxy", "Toxiproxy"] as const).map((part) => kill(upOf(FIXED), part, "up", dead));
    const theControlsApp = kill(checkOf(FIXED), "the target app", "control", dead);
    return [...ofCheck, ...ofDemo, ...ofUp, theControlsApp];
  },
};
