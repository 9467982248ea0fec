import { z } from "zod";
import { OK_STATUS } from "../../../scenarios/lib/ok-status.ts";
import { frameworkNamed, frameworkNames } from "../../advice/frameworks.ts";
import { DEFAULT_PROFILE, type LbProfile, loadProfile, profileNames } from "../../advice/profile.ts";
import { requestOf } from "../../cli/app-request.ts";
import { parseOkStatus } from "../../cli/ok-status.ts";
import { parseRuntime } from "../../cli/runtime-option.ts";
import { duration, durationMs } from "../../cli/values.ts";
import { longestWaitMs } from "../../probe/against-lb.ts";
import type { AppRequest } from "../../record/request.ts";
import { RUNTIMES } from "../../record/runtime-choice.ts";
import { UsageError } from "../../run/exit.ts";
import type { CheckOptions } from "./options.ts";

/** "60s": with its unit, as on the command line, since a bare number has been taken for the wrong one too often. */
export const durationSchema = ({ minMs, maxMs, example }: { minMs: number; maxMs: number; example: string }) => {
  const error = `expected a duration from ${duration(minMs)} to ${duration(maxMs)}, with its unit; e.g. "${example}"`;
  return z
    .string({ error })
    .regex(/^(0|\d+(\.\d+)?(ms|s|m))$/, { error, abort: true })
    .refine((text) => durationMs(text) >= minMs && durationMs(text) <= maxMs, { error });
};

export const lbSchema = z
  .strictObject({
    profile: z
      .enum(profileNames() as [string, ...string[]])
      .describe("Which load balancer: docs/profiles.md. Default: alb"),
    idleTimeout: durationSchema({ minMs: 1000, maxMs: 4_000_000, example: "60s" }).describe(
      "How long it keeps an idle connection to the target. Default: the profile's, 60s for alb",
    ),
    rtt: durationSchema({ minMs: 0, maxMs: 1000, example: "2ms" })
      .refine((text) => Number.isInteger(durationMs(text)), {
        error: 'expected whole milliseconds, the network\'s grain; e.g. "2ms"',
      })
      .describe("Round trip between load balancer and target. Default: 2ms"),
  })
  .partial();

const fromEnvironmentSchema = z
  .strictObject({ env: z.string().min(1).describe("The name of an environment variable that holds the value") })
  .describe("A value that is read from the environment, so that no secret stands in the file");

export const textSchema = z.union([z.string(), fromEnvironmentSchema], {
  error: 'expected a text, or { "env": "NAME" } for the value of an environment variable',
});

/** The request that is sent again and again. */
export const requestShape = {
  method: z.string().describe("GET, POST, PUT, PATCH, DELETE or OPTIONS. Default: GET, and POST with a body"),
  path: z.string().describe("Path and query, in place of the URL's"),
  headers: z.record(z.string(), textSchema).describe("Names and values; values are neither printed nor kept"),
  body: textSchema.describe("The request's body; JSON is sent as application/json unless a header says otherwise"),
  okStatus: z
    .array(
      z.union([z.int().min(100).max(599), z.string().regex(/^[1-5](\d\d|[xX]{2})$/)], {
        error: 'expected statuses or classes of them; e.g. [200, "3xx"]',
      }),
      { error: 'expected a list of statuses or classes of them; e.g. [200, "3xx"]' },
    )
    .min(1)
    .describe("What the app answers when all is well. Default: all below 500"),
  framework: z
    .string()
    .refine((name) => frameworkNamed(name) !== null, {
      error: () => `expected one of ${frameworkNames().join(", ")}; leave it out for others`,
    })
    .describe("What the app runs on, for the advice, where its answers do not tell: docs/fixes.md"),
};

/** How a target is checked. */
export const howShape = {
  expect: z.enum(["clean", "lost"]).describe("What is as it should be. Default: clean"),
  aim: z.enum(["close", "clock"]).describe("How the moment of the close is found: heard, or foretold. Default: close"),
  connections: z.int().min(2).max(100).describe("How many idle connections the app has to keep, at most. Default: 10"),
  maxWait: durationSchema({ minMs: 1000, maxMs: 4_100_000, example: "70s" }).describe(
    "The longest to wait for the app's idle close. Default: the LB's idle timeout, and 5s or 3 %",
  ),
};

/** Where the parts run. */
export const runtimeSchema = z
  .enum(RUNTIMES)
  .describe("Where the parts run: docker, native, or docker where an engine answers (auto). Default: auto");

/** One check of one target, as a config file and the API of test suites have it. */
export const checkSettingsSchema = z
  .strictObject({ lb: lbSchema, ...requestShape, ...howShape, runtime: runtimeSchema })
  .partial();

/** Undefined is as good as left out. */
export type CheckSettings = z.input<typeof checkSettingsSchema>;

/**
 * The options of a check whose settings came from elsewhere than a command line.
 * @param env where values lie that no file should hold
 * @throws UsageError that names the setting and never a header's value
 */
export function checkOptionsOf(target: URL, settings: CheckSettings, env: NodeJS.ProcessEnv): CheckOptions {
  const { profile, lbIdleMs, rttMs } = lbOfSettings(settings.lb);
  const { maxWait, connections = 10, expect = "clean", aim = "close" } = settings;
  return {
    ...{ target, profile, lbIdleMs, rttMs, expect, aim, connections },
    request: requestOfSettings(target, settings, env),
    okStatus: okStatusOf(settings) ?? OK_STATUS,
    framework: settings.framework === undefined ? null : frameworkNamed(settings.framework),
    maxWaitMs: maxWait === undefined ? longestWaitMs(lbIdleMs, rttMs) : durationMs(maxWait),
    runtime: parseRuntime(settings.runtime, env),
    ...{ thorough: false, through: null, yes: false, insecure: false, k6Dashboard: false, json: false, out: null },
    ...{ start: null },
  };
}

/** What is left out is the profile's. */
export function lbOfSettings(lb: CheckSettings["lb"] = {}): { profile: LbProfile; lbIdleMs: number; rttMs: number } {
  const profile = loadProfile(lb.profile ?? DEFAULT_PROFILE);
  const lbIdleMs = lb.idleTimeout === undefined ? profile.idleTimeoutMs : durationMs(lb.idleTimeout);
  return { profile, lbIdleMs, rttMs: durationMs(lb.rtt ?? "2ms") };
}

/** @throws UsageError that names the setting and never a header's value */
export function requestOfSettings(target: URL, settings: CheckSettings, env: NodeJS.ProcessEnv): AppRequest {
  const { method, path, headers = {}, body } = settings;
  return requestOf(target, {
    method,
    path,
    headers: Object.entries(headers).map(([name, value]) => ({
      text: `${name}: ${textOf(`headers.${name}`, value, env)}`,
      where: "headers:",
    })),
    body: body === undefined ? undefined : textOf("body", body, env),
  });
}

/** null where the default holds. */
export const okStatusOf = ({ okStatus }: CheckSettings): string[] | null =>
  okStatus === undefined ? null : parseOkStatus(okStatus.join(","));

/** An empty variable is an unset one: as CI leaves a secret that a pull request may not have. */
export function textOf(setting: string, value: z.infer<typeof textSchema>, env: NodeJS.ProcessEnv): string {
  if (typeof value === "string") return value;
  const text = env[value.env];
  if (text) return text;
  throw new UsageError(
    `${setting} is the value of the variable ${value.env}, which is ${text === "" ? "empty" : "not set"}: set it, or leave ${setting} out`,
  );
}
