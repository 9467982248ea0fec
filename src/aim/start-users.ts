import { InconclusiveError } from "../run/exit.ts";
import type { Run } from "../run/run.ts";
import type { Stage } from "../stage/stage.ts";
import { type K6Run, startK6 } from "./start-k6.ts";
import type { AimSettings } from "./volley.ts";
import { writeToken } from "./write-token.ts";

/** The k6 users of a run: one k6 in front of each stage, in the stages' order. */
export interface Users {
  k6s: K6Run[];
  /** Rejects with InconclusiveError when a part of a stage dies, or a k6 ends before its users have reported. */
  died: Promise<never>;
}

export interface UsersSettings extends Pick<AimSettings, "users" | "bundle" | "dashboard"> {
  /** The harness's URL, as the k6 of a stage calls it. */
  harnessUrlOf(stage: Stage): string;
  /** What k6 has to bring to the harness. */
  harnessToken: string;
  /** What the scenario takes besides. */
  environment?: Record<string, string>;
  /** The longest that the run can take, s. */
  longestS: number;
  /** Whether all users of a stage have reported their last attempt. */
  haveReported(stage: Stage): boolean;
}

/** Starts k6 in front of each stage; the run's end stops them. */
export async function startUsers(run: Run, stages: readonly Stage[], settings: UsersSettings): Promise<Users> {
  const k6s: K6Run[] = [];
  for (const stage of stages) k6s.push(await startOne(run, stage, settings));
  const died = Promise.race([
    ...stages.map((stage) => stage.died),
    ...stages.map((stage, i) => rejectWhenItEndsEarly(k6s[i]!, () => settings.haveReported(stage))),
  ]);
  died.catch(() => {}); // whoever awaits it sees it
  return { k6s, died };
}

/** Far longer than k6 takes to start or a living target to answer. */
export const READY_MS = 60_000;

async function startOne(run: Run, stage: Stage, settings: UsersSettings): Promise<K6Run> {
  const tokenFile = await writeToken(stage, settings);
  const { users, bundle, dashboard, longestS } = settings;
  const place = stage.k6;
  const k6 = await startK6({
    place,
    bundle,
    environment: {
      TARGET_BASE_URL: place.lbUrl ?? stage.lbUrl,
      USERS: String(users),
      ROUNDS: String(MAX_ROUNDS),
      HARNESS_URL: settings.harnessUrlOf(stage),
      HARNESS_TOKEN_FILE: place.fileOf(tokenFile),
      RUN_NAME: stage.name,
      ...settings.environment,
      // Only with the dashboard, which needs to know the length: k6 also ends the run after it.
      ...(dashboard && { MAX_DURATION_S: String(longestS) }),
    },
    dashboard,
    onLine: (line) => stage.logs.k6.push(line),
  });
  run.defer(() => k6.process.stop());
  run.signal.throwIfAborted();
  return k6;
}

/** k6 needs a number of iterations; the harness says when it is enough. */
const MAX_ROUNDS = 100;

/** k6 ends by itself once all its users have reported. An earlier end is a failure, whatever its exit code. */
async function rejectWhenItEndsEarly({ thresholdsHeld }: K6Run, haveReported: () => boolean): Promise<never> {
  await thresholdsHeld;
  if (haveReported()) return new Promise(() => {});
  throw new InconclusiveError("k6 ended before all its users had reported");
}
