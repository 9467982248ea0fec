import type { Stage } from "../stage/stage.ts";
import { edgeLines } from "./edge-log.ts";
import { type LoggedRequest, loggedRequests } from "./fate.ts";
import { guardLines } from "./guard-log.ts";
import { idsSeenByApp } from "./target-log.ts";

/** What the logs of one stage tell. */
export interface StageLog {
  /** The stage's name: "before". */
  name: string;
  /** host:port, as the LB would know the target. */
  target: string;
  /** In the order of the LB's log. */
  requests: readonly LoggedRequest[];
  /** What our own app wrote, and the ids of the requests in it; null where the app is somebody else's. */
  app: { lines: readonly string[]; ids: ReadonlySet<string> } | null;
}

/**
 * Reads the logs of a stage, once: when it has stopped and they are complete.
 * @param rttMs round trip between LB and target
 * @returns null where nothing of the LB was started here
 * @throws InconclusiveError for half a line in the LB's log
 */
export function readStageLog(
  { name, targetUrl, logs, ours }: Pick<Stage, "name" | "targetUrl" | "logs" | "ours">,
  rttMs: number,
): StageLog | null {
  if (!ours.includes("haproxy")) return null;
  const app = ours.includes("target") ? { lines: logs.target, ids: idsSeenByApp(logs.target) } : null;
  const lb = { edge: edgeLines(logs.haproxy), guard: guardLines(logs.haproxy) };
  const requests = loggedRequests(lb, { seenByApp: app?.ids ?? null, rttMs });
  return { name, target: new URL(targetUrl).host, requests, app };
}
