import { SHAPES, type Traffic } from "./arrivals.ts";
import type { SweepRange } from "./sweep-plan.ts";
import { SPACING_MS } from "./timing.ts";

/** What scenarios/aimed.ts takes by `k6 run -e NAME=value`; every one but TARGET_BASE_URL has a default. */
export interface AimedOptions {
  /** TARGET_BASE_URL: the LB's address. */
  url: string;
  /** METHOD: GET or POST. */
  method: "GET" | "POST";
  /** USERS: virtual users; each keeps to one LB node of its own, so to one pooled connection. */
  users: number;
  /** ROUNDS: aimed requests per user. */
  rounds: number;
  /** IDLE_CLOSE_MS: when the target closes an idle connection; without a harness to measure it. */
  idleCloseMs: number;
  /** RTT_MS: round trip between LB and target. */
  rttMs: number;
  /** SWEEP_MS: how far to both sides of the window the first round looks. */
  sweepMs: number;
  /** SPACING_MS: how far users are apart; 0 = all at once, for an LB whose pools nobody can choose. */
  spacingMs: number;
  /** MAX_DURATION_S: k6 ends the run then; its web dashboard plans its points over that long. */
  maxDurationS: number;
  /** EXPECT: clean (no 502 may occur) or lost (one must). */
  expect: "clean" | "lost";
  /** HARNESS_URL: who measures the idle close and gathers the attempts; null when k6 runs alone. */
  harnessUrl: string | null;
  /** HARNESS_TOKEN_FILE: the file with what the harness wants to be told. */
  tokenFile: string;
  /** RUN_NAME: what the harness calls this run. */
  runName: string;
}

export type Environment = Record<string, string | undefined>;

/** @throws Error, one line, naming the variable, its value and what was expected. */
export function readAimedOptions(env: Environment): AimedOptions {
  return {
    url: baseUrl(env),
    method: oneOf(env, "METHOD", ["GET", "POST"]),
    users: wholeNumber(env, "USERS", 20, { min: 1, max: 1000 }),
    rounds: wholeNumber(env, "ROUNDS", 2, { min: 1, max: 100 }),
    idleCloseMs: milliseconds(env, "IDLE_CLOSE_MS", 6000),
    rttMs: milliseconds(env, "RTT_MS", 2),
    sweepMs: milliseconds(env, "SWEEP_MS", 3),
    spacingMs: milliseconds(env, "SPACING_MS", SPACING_MS),
    maxDurationS: wholeNumber(env, "MAX_DURATION_S", 86_400, { min: 1, max: 86_400 }),
    expect: oneOf(env, "EXPECT", ["clean", "lost"]),
    harnessUrl: env.HARNESS_URL || null,
    tokenFile: env.HARNESS_TOKEN_FILE || "",
    runName: env.RUN_NAME || "aimed",
  };
}

/** What scenarios/at-close.ts takes; it runs with a harness only. */
export type CloseOptions = Pick<AimedOptions, "url" | "users" | "rounds" | "maxDurationS" | "runName" | "tokenFile"> & {
  harnessUrl: string;
};

/** @throws Error, one line, naming the variable, its value and what was expected. */
export function readCloseOptions(env: Environment): CloseOptions {
  const { url, users, rounds, maxDurationS, runName, tokenFile, harnessUrl } = readAimedOptions(env);
  if (harnessUrl !== null) return { url, users, rounds, maxDurationS, runName, tokenFile, harnessUrl };
  throw new Error(
    "HARNESS_URL is missing: at-close needs the harness that hears the close, as alb502 check brings it; aimed runs alone",
  );
}

/** What scenarios/sweep.ts takes: TARGET_BASE_URL, METHOD, USERS, FROM_MS, TO_MS, STEP_MS, TIMES. */
export interface SweepOptions extends SweepRange {
  url: string;
  method: "GET" | "POST";
}

/** @throws Error, one line, naming the variable, its value and what was expected. */
export function readSweepOptions(env: Environment): SweepOptions {
  const options = {
    url: baseUrl(env),
    method: oneOf(env, "METHOD", ["GET", "POST"]),
    users: wholeNumber(env, "USERS", 20, { min: 1, max: 1000 }),
    fromMs: milliseconds(env, "FROM_MS", 5994),
    toMs: milliseconds(env, "TO_MS", 6004),
    stepMs: milliseconds(env, "STEP_MS", 0.5),
    times: wholeNumber(env, "TIMES", 2, { min: 1, max: 1000 }),
  };
  if (options.stepMs < 0.5) throw new Error(`STEP_MS is "${env.STEP_MS}", expected 0.5 or more: k6 aims no finer`);
  if (options.toMs < options.fromMs) {
    throw new Error(
      `TO_MS is ${options.toMs}, expected FROM_MS (${options.fromMs}) or more; e.g. -e TO_MS=${options.fromMs + 10}`,
    );
  }
  return options;
}

/**
 * What scenarios/organic.ts takes: TARGET_BASE_URL, METHOD, USERS, DURATION_S, REQUESTS, SEED, and what Traffic says of the
 * rest.
 */
export interface OrganicOptions extends Traffic {
  url: string;
  method: "GET" | "POST";
  users: number;
  durationS: number;
  /**
   * REQUESTS: of each user, then it is done; null = as many as DURATION_S has room for, which depends on how long the
   * answers take: with a number, two runs of the same users send equally many.
   */
  requests: number | null;
  /** The same seed gives the same gaps. */
  seed: number;
  /** HARNESS_URL: who says what is sent; null = METHOD alone. */
  harnessUrl: string | null;
  /** HARNESS_TOKEN_FILE: what the harness wants to be told. */
  tokenFile: string;
}

/** @throws Error, one line, naming the variable, its value and what was expected. */
export function readOrganicOptions(env: Environment): OrganicOptions {
  const durationS = wholeNumber(env, "DURATION_S", 120, { min: 1, max: 86_400 });
  return {
    url: baseUrl(env),
    method: oneOf(env, "METHOD", ["GET", "POST"]),
    users: wholeNumber(env, "USERS", 20, { min: 1, max: 1000 }),
    durationS,
    requests: env.REQUESTS ? wholeNumber(env, "REQUESTS", 100, { min: 1, max: 1_000_000 }) : null,
    seed: wholeNumber(env, "SEED", 1, { min: 0, max: 1_000_000 }),
    shape: oneOf(env, "SHAPE", SHAPES),
    meanGapMs: milliseconds(env, "MEAN_GAP_MS", 6000),
    jitterMs: milliseconds(env, "JITTER_MS", 50),
    burst: wholeNumber(env, "BURST", 3, { min: 1, max: 1000 }),
    dayMs: milliseconds(env, "DAY_MS", durationS * 1000),
    harnessUrl: env.HARNESS_URL || null,
    tokenFile: env.HARNESS_TOKEN_FILE || "",
  };
}

/** @throws Error when TARGET_BASE_URL is missing or no http(s) URL. */
export function baseUrl(env: Environment): string {
  const url = env.TARGET_BASE_URL ?? "";
  if (!/^https?:\/\/[^/]/.test(url)) {
    throw new Error(
      `TARGET_BASE_URL is "${url}", expected an http(s) URL; add -e TARGET_BASE_URL=http://127.0.0.1:8080`,
    );
  }
  return url;
}

/** @throws Error when the variable is set to something that is not a number of ms >= 0. */
export function milliseconds(env: Environment, name: string, fallback: number): number {
  const value = env[name] ? Number(env[name]) : fallback;
  if (!(value >= 0 && value < 1e8)) {
    throw new Error(`${name} is "${env[name]}", expected milliseconds, 0 or more; e.g. -e ${name}=${fallback}`);
  }
  return value;
}

/** @throws Error when the variable is set to something that is not a whole number within the limits. */
export function wholeNumber(
  env: Environment,
  name: string,
  fallback: number,
  { min, max }: { min: number; max: number },
) {
  const value = env[name] ? Number(env[name]) : fallback;
  if (!(Number.isInteger(value) && value >= min && value <= max)) {
    throw new Error(
      `${name} is "${env[name]}", expected a whole number from ${min} to ${max}; e.g. -e ${name}=${fallback}`,
    );
  }
  return value;
}

function oneOf<T extends string>(env: Environment, name: string, choices: readonly [T, ...T[]]): T {
  const value = env[name] || choices[0];
  if (!choices.includes(value as T)) {
    throw new Error(`${name} is "${value}", expected ${choices.join(" or ")}; e.g. -e ${name}=${choices[0]}`);
  }
  return value as T;
}
