import { parseChoice } from "./values.ts";

/** How the moment in which a target closes is found: it is heard, or predicted. */
export type AimChoice = "close" | "clock";

/** As node:util's parseArgs takes it. */
export const AIM_OPTION = { aim: { type: "string", default: "close" } } as const;

export const AIM_HELP = `  --aim WHAT       close: each request meets its own connection's close, which is heard and kept back for some ms until the
                   request has come by (default; docs/how-it-works.md says why that is fair); clock: the close is
                   measured and predicted, and nothing is kept back`;

/** @throws UsageError naming the value and the choices */
export const parseAim = (given: string): AimChoice => parseChoice("--aim", given, ["close", "clock"]);
