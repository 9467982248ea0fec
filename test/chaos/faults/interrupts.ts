import type { Deed, Family, Fault, Moment, Outcome } from "../fault.ts";
import { rightFor, truthOf } from "../oracle.ts";
import { checkOf, demoOf, FIXED, type Ordinary, probeOf, unfixed, upOf } from "./runs.ts";

/** Ctrl-C, a CI that cancels, a terminal that goes, the OOM killer: at a moment that is drawn. */
export const interrupts: Family = {
  name: "interrupts",
  what: "the command gets SIGINT, SIGTERM, SIGHUP or SIGKILL, in each phase",
  faults(random) {
    const send = (run: Ordinary, when: Moment, signal: NodeJS.Signals, more: readonly Deed[] = []): Fault => {
      const afterMs = random.between(0, 900);
      const itsEnd: Outcome = signal === "SIGKILL" ? "killed" : "interrupted";
      return {
        ...run,
        name: `${run.command} of ${run.target?.what ?? "its own"}: ${signal} ${afterMs} ms into ${when}`,
        deeds: [{ when, afterMs, what: { do: "signal", signal, to: "the command" } }, ...more],
        // In the last moment it may have its verdict already.
        allowed: [
          itsEnd,
          ...(when === "fired" ? rightFor(run.command, truthOf({ ...run, name: "", allowed: [] })) : []),
        ],
      };
    };
    const again: Deed = {
      when: "begun",
      afterMs: 350, // two within 300 ms are one press, see src/run/interrupt.ts
      what: { do: "signal", signal: "SIGINT", to: "the command" },
    };
    const soft = () => random.pick(["SIGINT", "SIGTERM", "SIGHUP"] as const);
    return [
      ...(["folder", "bundled", "parts", "warm-up", "idle", "close", "fired"] as const).flatMap((when) => [
        send(checkOf(unfixed(random), "--out", "OUT"), when, soft()),
        send(checkOf(random.pick([FIXED, unfixed(random)])), when, "SIGKILL"),
      ]),
      send(checkOf(FIXED), "control", soft()),
      send(checkOf(FIXED), "control", "SIGKILL"),
      ...(["bundled", "parts", "idle"] as const).flatMap((when) => [
        send(demoOf("--out", "OUT"), when, soft()),
        send(demoOf(), when, "SIGKILL"),
      ]),
      ...(["warm-up", "idle"] as const).map((when) => send(probeOf(FIXED), when, soft())),
      send(probeOf(FIXED), "idle", "SIGKILL"),
      send(upOf(FIXED, "--out", "OUT"), "up", soft()),
      send(upOf(FIXED), "up", "SIGKILL"),
      send(checkOf(FIXED), "idle", "SIGINT", [again]),
      send(demoOf(), "parts", "SIGINT", [again]),
    ];
  },
};
