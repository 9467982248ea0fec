import type { Family, Fault, Moment, Outcome, Target, Truth } from "../fault.ts";
import { rightFor } from "../oracle.ts";
import type { Behaviour } from "../targets/behaviour.ts";
import { checkOf, type Ordinary, probeOf } from "./runs.ts";

type Change = [what: string, truth: Truth, behaves: Behaviour, signal: NodeJS.Signals];

const [LONG, SHORT] = [60_000, 1500];

/** What may come over a server while it is being looked at. */
const CHANGES: readonly Change[] = [
  ["reloads: all its connections close in one instant", "keeps", { idleMs: LONG }, "SIGHUP"],
  ["reloads, and closes after 1.5 s in any case", "loses", { idleMs: SHORT }, "SIGHUP"],
  ["restarts, and is away for 0.3 s", "keeps", { idleMs: LONG, downMs: 300 }, "SIGHUP"],
  ["restarts, and is away for 3 s", "keeps", { idleMs: LONG, downMs: 3000 }, "SIGHUP"],
  ["dies", "unknowable", { idleMs: LONG }, "SIGKILL"],
  ["dies, and closes after 1.5 s before that", "either", { idleMs: SHORT }, "SIGKILL"],
  ["answers 500 from then on", "either", { idleMs: LONG, later: { status: 500 } }, "SIGUSR2"],
  ["answers 503 and closes from then on", "either", { idleMs: LONG, later: { status: 503, atOnce: true } }, "SIGUSR2"],
  ["answers 401 from then on", "either", { idleMs: SHORT, later: { status: 401 } }, "SIGUSR2"],
  ["never answers from then on", "either", { idleMs: LONG, later: { silent: true } }, "SIGUSR2"],
  ["answers garbage from then on", "either", { idleMs: SHORT, later: { raw: "garbage\r\n\r\n" } }, "SIGUSR2"],
  ["answers after 2 s from then on", "either", { idleMs: LONG, later: { lateMs: 2000 } }, "SIGUSR2"],
  ["gets the fix", "either", { idleMs: SHORT, later: { idleMs: LONG } }, "SIGUSR2"],
  ["loses the fix", "either", { idleMs: LONG, later: { idleMs: 800 } }, "SIGUSR2"],
];

export const changes: Family = {
  name: "changes",
  what: "targets that reload, restart, die or behave otherwise from one moment on",
  faults(random) {
    const change = (of: (target: Target) => Ordinary, [what, truth, behaves, signal]: Change, when: Moment): Fault => {
      const run = of({ what: `a target that ${what}`, behaves, truth });
      const afterMs = random.between(50, 1200);
      const allowed: Outcome[] = [...rightFor(run.command, truth), "inconclusive", "refused"];
      return {
        ...run,
        name: `${run.command} of ${run.target!.what}, ${afterMs} ms into ${when}`,
        deeds: [{ when, afterMs, what: { do: "signal", signal, to: "the target" } }],
        allowed,
      };
    };
    return CHANGES.flatMap((one) => [
      change(probeOf, one, "idle"),
      change(checkOf, one, random.pick(["warm-up", "idle", "close"])),
    ]);
  },
};
