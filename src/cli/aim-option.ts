import { parseChoice } from "./values.ts";

/** How the moment is found in which a target closes: it is heard, or foretold. */
export type AimChoice = "close" | "clock";

/** As node:util's parseArgs takes it. */
export const AIM_OPTION = { aim: { type: "string", default: "close" } } as const;

export const AIM_HELP = `  --aim WHAT       close: each request meets its own connection's close, which is heard and kept back for some ms until the
                   request has come by (default; docs/how-it-works.md says why that is fair); clock: the close is
                   measured and foretold, and nothing is kept back`;

/** @throws UsageError naming the value and the choices */
export const parseAim = (given: string): AimChoice => parseChoice("--aim", given, ["close", "clock"]);
