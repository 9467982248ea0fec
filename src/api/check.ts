import { parseTargetUrl } from "../cli/target-url.ts";
import { checkAsked, checkFound } from "../command/check/result.ts";
import { runCheck } from "../command/check/run.ts";
import { type CheckSettings, checkOptionsOf, checkSettingsSchema } from "../command/check/settings.ts";
import { carryOut } from "../command/result-command.ts";
import type { Result } from "../record/result.ts";
import { listeningAt } from "./listening.ts";
import { type CallOptions, runHere, settingsOf } from "./run-here.ts";
import { assertNodeServer, type NodeServer } from "./server-settings.ts";

/** As `alb502 check` takes it, and in a config file's words: docs/api.md. */
export interface CheckCallOptions extends CallOptions, CheckSettings {}

/**
 * Puts the simulated load balancer in front of `target` and aims requests at the moment in which it closes: what
 * `alb502 check` does, about 8 s for an app without the fix and 70 s for one with it.
 * @param target a URL as the command line takes it ("3000" is one), or a Node server, which is made to listen where it does not
 * @returns what result.json holds; "inconclusive", with the reason, where nothing could be found out
 * @throws UsageError for what the caller can fix, EnvironmentError for what this machine lacks; the signal's reason
 */
export async function check(target: string | URL | NodeServer, options: CheckCallOptions = {}): Promise<Result> {
  const settings = settingsOf(checkSettingsSchema, { ...options });
  return runHere(options, async (run) => {
    const url = await urlOf(target, run);
    const { result } = await carryOut(
      run,
      { run: runCheck, asked: checkAsked, found: checkFound },
      checkOptionsOf(url, settings, process.env),
    );
    return result;
  });
}

/** @throws UsageError for what is neither */
export async function urlOf(target: unknown, run: Parameters<typeof listeningAt>[1]): Promise<URL> {
  if (typeof target === "number") return parseTargetUrl("check", [`${target}`]);
  if (typeof target === "string" || target instanceof URL) return parseTargetUrl("check", [`${target}`]);
  assertNodeServer(target);
  return listeningAt(target, run);
}
