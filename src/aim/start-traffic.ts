import type { AppRequest } from "../record/request.ts";
import { InconclusiveError } from "../run/exit.ts";
import type { Run } from "../run/run.ts";
import type { Stage } from "../stage/stage.ts";
import { startHarnessHttp } from "./harness-http.ts";
import { startK6 } from "./start-k6.ts";
import { writeToken } from "./write-token.ts";

export interface TrafficSettings {
  /** The bundled scenario organic.ts. */
  bundle: string;
  /** k6 users = LB nodes, each with a pool of its own. */
  users: number;
  /** Of each user, between an answer and the next request, ms. */
  meanGapMs: number;
  request: AppRequest;
  okStatus: readonly string[];
}

/** Ordinary traffic, until it is stopped. */
export interface Traffic {
  /** Rejects with InconclusiveError when k6 ends before it is stopped. */
  ended: Promise<never>;
  stop(): Promise<void>;
}

/** Starts k6 with independent requests (Poisson) in front of a stage; the run's end stops it. */
export async function startTraffic(run: Run, stage: Stage, settings: TrafficSettings): Promise<Traffic> {
  const { bundle, users, meanGapMs, request, okStatus } = settings;
  const place = stage.k6;
  const http = await startHarnessHttp([place.harness], async () => ({ request, okStatus }));
  run.defer(() => http.close());
  const tokenFile = await writeToken(stage, { bundle, harnessToken: http.token });
  const k6 = await startK6({
    place,
    bundle,
    environment: {
      TARGET_BASE_URL: place.lbUrl ?? stage.lbUrl,
      ...{ USERS: String(users), SHAPE: "poisson", MEAN_GAP_MS: String(meanGapMs), DURATION_S: "86400" },
      HARNESS_URL: http.urlOf(place.harness),
      HARNESS_TOKEN_FILE: place.fileOf(tokenFile),
    },
    onLine: (line) => stage.logs.k6.push(line),
  });
  run.defer(() => k6.process.stop());
  let isStopped = false;
  const ended = k6.thresholdsHeld.then((): Promise<never> => {
    if (isStopped) return new Promise(() => {});
    throw new InconclusiveError("k6 ended before it was stopped");
  });
  ended.catch(() => {}); // whoever awaits it sees it
  return {
    ended,
    stop() {
      isStopped = true;
      return k6.process.stop();
    },
  };
}
