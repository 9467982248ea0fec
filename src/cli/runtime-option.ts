import { RUNTIMES, type RuntimeChoice } from "../record/runtime-choice.ts";
import { UsageError } from "../run/exit.ts";
import { parseChoice } from "./values.ts";

/** As node:util's parseArgs takes it: where the parts run. */
export const RUNTIME_OPTION = { runtime: { type: "string" } } as const;

export const RUNTIME_HELP = `  --runtime NAME   where the parts run: docker (docs/docker.md), native (this machine's own programs), or auto: docker
                   where an engine answers (default; ALB502_RUNTIME sets another)`;

/** @throws UsageError naming the value and the choices */
export function parseRuntime(given: string | undefined, env: NodeJS.ProcessEnv = process.env): RuntimeChoice {
  if (given !== undefined) return parseChoice("--runtime", given, [...RUNTIMES]);
  const preset = env.ALB502_RUNTIME || "auto";
  const known = RUNTIMES.find((name) => name === preset);
  if (known) return known;
  throw new UsageError(`ALB502_RUNTIME is "${preset}", expected ${RUNTIMES.join(" or ")}; unset it, or give --runtime`);
}
