import { withApp } from "../../app/with-app.ts";
import { firstContact, MAX_ANSWER_MS } from "../../probe/first-contact.ts";
import { getRequest } from "../../probe/request-bytes.ts";
import { setting } from "../../record/units.ts";
import { keepLogs } from "../../report/keep-logs.ts";
import { docPage } from "../../run/doc-page.ts";
import type { Progress } from "../../run/progress.ts";
import type { Run } from "../../run/run.ts";
import { clearPort } from "../../stage/left-behind.ts";
import { openRuntime } from "../../stage/runtime.ts";
import type { Runtime } from "../../stage/stage.ts";
import { appOf } from "../started-app.ts";
import { createLbLog } from "./lb-log.ts";
import type { UpOptions } from "./options.ts";
import { createWatch, type Incident, type Traffic, type Watch } from "./watch.ts";

/** What went through the LB while it was up. */
export interface UpRun {
  runtime: Runtime<"haproxy" | "toxiproxy">;
  lbUrl: string;
  traffic: Traffic;
}

/**
 * Keeps the simulated LB up until the run is interrupted.
 * @returns what went through it until then
 * @throws UsageError for what the user can fix, InconclusiveError when a part dies
 */
export async function runUp(run: Run, options: UpOptions, begin: () => void): Promise<UpRun> {
  const { start, target: url, out } = options;
  return withApp(run, appOf(start, { url, request: null, out }), () => keepUp(run, options, begin));
}

async function keepUp(run: Run, options: UpOptions, begin: () => void): Promise<UpRun> {
  const { progress, signal } = run;
  const { target, profile, lbIdleMs, rttMs, nodes, port } = options;
  await clearPort(run, port, { inDocker: options.runtime !== "native" });
  const request = getRequest(target);
  const { status } = await firstContact({ url: target, request, withinMs: MAX_ANSWER_MS, signal });
  const runtime = await openRuntime(run, options.runtime, ["haproxy", "toxiproxy"]);
  const watch = createWatch(rttMs, (incident) => progress.line(lineOf(incident)));
  const log = createLbLog(options.out, (message) => progress.line(`the LB's log is not kept: ${message}`));
  run.defer(() => log.close());
  const stage = await runtime.startStage(run, {
    name: "up",
    target: { url: target },
    lb: { idleTimeoutMs: lbIdleMs, nodes },
    rttMs,
    port,
    onLbLine: (line) => {
      log.line(line);
      readSafely(watch, line, progress);
    },
  });
  begin();
  log.open();
  progress.line(
    `${stage.lbUrl} -> ${profile.title}, idle timeout ${setting(lbIdleMs)}, ${setting(rttMs)} from ${target.origin} (answers ${status})`,
  );
  progress.line(
    `For k6 (${docPage("k6.md")}): -e TARGET_BASE_URL=${stage.lbUrl} -e USERS=${nodes} -e RTT_MS=${rttMs}${nodes === 1 ? "; more users need --nodes" : ""}`,
  );
  progress.line("A line here for each request that is answered with 5xx. Ctrl-C ends it.");
  await Promise.race([untilInterrupted(signal), stage.died]).finally(async () => {
    await stage.stop();
    if (options.out !== null) keepLogs(options.out, [{ ...stage, ours: ["toxiproxy"] }]);
  });
  watch.end();
  return { runtime, lbUrl: stage.lbUrl, traffic: watch.traffic };
}

/** A line that cannot be read must not take the LB down. */
function readSafely(watch: Watch, line: string, progress: Progress): void {
  try {
    watch.read(line);
  } catch (error) {
    progress.line((error as Error).message);
  }
}

const untilInterrupted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });

function lineOf({ edge, cause }: Incident): string {
  const time = new Date(edge.atUs / 1000).toISOString().slice(11, 23);
  return `${time} ${edge.status} ${edge.method} ${edge.path}: ${cause.text}`;
}
