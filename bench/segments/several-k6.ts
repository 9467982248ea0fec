import { join } from "node:path";
import { ROOT } from "../../src/run/root.ts";
import type { K6Place, Stage } from "../../src/stage/stage.ts";

/** The stage, in front of which so many k6 share the users of each run. */
export const withSeveralK6 = <S extends Stage>(stage: S, processes: number): S => ({
  ...stage,
  k6: severalK6(stage.k6, processes),
});

/** @param processes 1 = k6 as it is */
function severalK6(place: K6Place, processes: number): K6Place {
  if (processes === 1) return place;
  return {
    ...place,
    command: process.execPath,
    line: (k6Args, variables) => {
      const { args, env } = place.line(k6Args, variables);
      return { args: [SCRIPT, String(processes), place.command, ...args], env };
    },
  };
}

const SCRIPT = join(ROOT, "bench/segments/several-k6.mjs");
