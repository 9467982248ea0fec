import type { Family, Fault, Target } from "../fault.ts";
import { rightFor } from "../oracle.ts";
import { checkOf, demoOf, FIXED, probeOf, unfixed, upOf } from "./runs.ts";

/** Nothing goes wrong: what all the others are measured by. Here `inconclusive` is no answer. */
export const calm: Family = {
  name: "calm",
  what: "nothing goes wrong: the verdict has to be the right one",
  faults(random) {
    const early = unfixed(random);
    const coarse: Target = {
      what: "an app that looks each second for connections that were idle for 1.2 s",
      behaves: { idleMs: 1200, tickMs: 1000 },
      truth: "loses",
    };
    const announcing: Target = {
      what: "an app that announces each close",
      behaves: { idleMs: 60_000, requests: 1, announces: true },
      truth: "keeps",
    };
    const up: Fault = {
      ...upOf(FIXED),
      name: "up, asked five times",
      deeds: [
        { when: "up", afterMs: 0, what: { do: "ask", times: 5 } },
        { when: "up", afterMs: 0, what: { do: "signal", signal: "SIGINT", to: "the command" } },
      ],
      allowed: ["interrupted"],
    };
    const runs = [
      ...[probeOf(early), checkOf(early), checkOf(early, "--out", "OUT"), probeOf(FIXED), checkOf(FIXED)],
      ...[probeOf(coarse), checkOf(coarse), probeOf(announcing), checkOf(announcing), demoOf("--out", "OUT")],
    ];
    return [
      up,
      ...runs.map((run) => ({
        ...run,
        name: `${run.command} of ${run.target?.what ?? "its own"}${run.args.includes("--out") ? ", kept" : ""}`,
        allowed: rightFor(run.command, run.target?.truth ?? "loses"),
      })),
    ];
  },
};
