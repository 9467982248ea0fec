import type { Family, Fault } from "../fault.ts";
import { rightFor, truthOf } from "../oracle.ts";
import { checkOf, demoOf, FIXED, type Ordinary, probeOf, unfixed, upOf } from "./runs.ts";

/** Two runs that know nothing of each other. */
export const together: Family = {
  name: "together",
  what: "two runs at once, at one target, with one --out or one --port",
  faults(random) {
    const twice = (run: Ordinary, words: string): Fault => ({
      ...run,
      name: `${run.command} of ${run.target?.what ?? "its own"}, twice at once${words}`,
      twice: true,
      allowed: [...rightFor(run.command, truthOf({ ...run, name: "", allowed: [] })), "inconclusive", "refused"],
    });
    return [
      twice(checkOf(unfixed(random)), ""),
      twice(checkOf(FIXED), ""),
      twice(probeOf(unfixed(random)), ""),
      twice(probeOf(FIXED), ""),
      twice(demoOf(), ""),
      twice(checkOf(unfixed(random), "--out", "OUT"), ", with one --out"),
      twice(probeOf(FIXED, "--out", "OUT"), ", with one --out"),
      {
        ...twice(upOf(FIXED), ", with one --port"),
        deeds: [{ when: "up", afterMs: 500, what: { do: "signal", signal: "SIGINT", to: "the command" } }],
        allowed: ["interrupted", "refused"],
      },
      {
        ...twice(checkOf(FIXED), ", and each loses its k6"),
        deeds: [{ when: "idle", afterMs: random.between(0, 900), what: { do: "signal", signal: "SIGKILL", to: "k6" } }],
        allowed: ["inconclusive", "refused"],
      },
    ];
  },
};
