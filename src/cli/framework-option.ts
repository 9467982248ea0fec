import { frameworkNamed, frameworkNames } from "../advice/frameworks.ts";
import type { Software } from "../advice/recognise.ts";
import { UsageError } from "../run/exit.ts";
import { quoted } from "./values.ts";

/** As node:util's parseArgs takes it: what the app runs on, where its answers do not tell. */
export const FRAMEWORK_OPTION = { framework: { type: "string" } } as const;

export const FRAMEWORK_HELP = `  --framework NAME what the app runs on, for the advice, where its answers do not tell: spring-boot, nestjs, puma, go
                   ... (docs/fixes.md)`;

/** @throws UsageError naming the value and what there is */
export function parseFramework(text: string | undefined): Software | null {
  if (text === undefined) return null;
  const software = frameworkNamed(text);
  if (software !== null) return software;
  throw new UsageError(
    `--framework is ${quoted(text)}, expected one of ${frameworkNames().join(", ")}; leave it out for others`,
  );
}
