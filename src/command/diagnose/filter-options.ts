import type { OptionValues } from "../../cli/command-line.ts";
import { parseMoment } from "../../cli/values.ts";
import type { Filter } from "../../diagnose/filter.ts";
import { UsageError } from "../../run/exit.ts";

/** As node:util's parseArgs takes them: which requests are wanted. */
export const FILTER_OPTIONS = {
  from: { type: "string" },
  to: { type: "string" },
  target: { type: "string", multiple: true, default: [] as string[] },
  route: { type: "string", multiple: true, default: [] as string[] },
} as const;

/** @throws UsageError naming the option, its value and what was expected */
export function filterOf({ from, to, target, route }: OptionValues<typeof FILTER_OPTIONS>): Filter {
  const fromMs = from === undefined ? null : parseMoment("--from", from);
  const toMs = to === undefined ? null : parseMoment("--to", to) + (isDay(to) ? DAY_MS : 0);
  if (fromMs !== null && toMs !== null && fromMs >= toMs)
    throw new UsageError(`--to is ${JSON.stringify(to)}, expected a time after --from ${JSON.stringify(from)}`);
  for (const one of target)
    if (!/^[^\s/]+$/.test(one))
      throw new UsageError(
        `--target is ${JSON.stringify(one)}, expected an address with or without its port; e.g. --target 10.0.0.1:3000`,
      );
  for (const one of route)
    if (!/^(\/|-$|\*$)/.test(one))
      throw new UsageError(`--route is ${JSON.stringify(one)}, expected a path; e.g. --route /users/:n`);
  return { fromMs, toMs, targets: target, routes: route };
}

/** A day ends with its last moment: --from 2026-11-20 --to 2026-11-20 is that day. */
const isDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text.trim());

const DAY_MS = 24 * 3_600_000;
