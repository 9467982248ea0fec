import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { startK6 } from "../../src/aim/start-k6.ts";
import { InconclusiveError } from "../../src/run/exit.ts";
import type { RunningProcess } from "../../src/run/process.ts";
import type { Run } from "../../src/run/run.ts";
import { nativeK6 } from "../../src/stage/native/k6.ts";
import { startHaproxy } from "../../src/stage/native/start-haproxy.ts";
import { startTarget } from "../../src/stage/native/start-target.ts";
import { startToxiproxy } from "../../src/stage/native/start-toxiproxy.ts";
import { LB_IDLE_MS, RTT_MS, type Scene, UNFIXED } from "../scene.ts";
import { peakMemoryMb } from "./memory.ts";

/** What one part costs in one start. */
export interface PartCost {
  part: "target" | "Toxiproxy" | "HAProxy" | "k6";
  /** From the start of its process until it can be used; k6: until the LB has answered its first request. */
  readyMs: number;
  /** The most memory, with the 20 users of ordinary traffic for a second; null where it cannot be read. */
  peakMb: number | null;
}

/** Starts target, network and LB as a stage does, one after the other, then k6, and lets that send for a second. */
export async function measureParts(run: Run, { parts, scenarios, targetApp }: Scene): Promise<PartCost[]> {
  const folder = join(run.folder, "parts");
  await mkdir(folder, { recursive: true });
  const { signal } = run;
  const timed: { part: PartCost["part"]; process: RunningProcess; readyMs: number }[] = [];
  const time = async <T extends { process: RunningProcess }>(part: PartCost["part"], start: () => Promise<T>) => {
    const beganAt = performance.now();
    const started = await start();
    timed.push({ part, process: started.process, readyMs: performance.now() - beganAt });
    run.defer(() => started.process.stop());
    return started;
  };

  const target = await time("target", () =>
    startTarget({ bundle: targetApp, environment: UNFIXED, onLine: ignore, signal }),
  );
  const targetAddress = new URL(target.url).host;
  const network = await time("Toxiproxy", () =>
    startToxiproxy({ command: parts.toxiproxy.path, targetAddress, rttMs: RTT_MS, onLine: ignore, signal }),
  );
  let firstAnswerAt: number | null = null;
  const lb = await time("HAProxy", () =>
    startHaproxy({
      command: parts.haproxy.path,
      lb: { idleTimeoutMs: LB_IDLE_MS, nodes: NODES },
      networkAddress: network.address,
      folder,
      port: null,
      signal,
      onLine: (line) => {
        if (line.startsWith('{"log":"edge"')) firstAnswerAt ??= performance.now();
      },
    }),
  );
  const k6BeganAt = performance.now();
  const environment = { TARGET_BASE_URL: lb.url, DURATION: "1s" };
  const k6 = await time("k6", () =>
    startK6({ place: nativeK6(parts.k6.path), bundle: scenarios.steady, environment, onLine: ignore }),
  );
  const peaks = await watchPeaks(timed, k6.thresholdsHeld);
  if (firstAnswerAt === null) throw new InconclusiveError("no request of k6 reached the LB");
  const k6ReadyMs = firstAnswerAt - k6BeganAt;
  return timed.map(({ part, readyMs }, i) => ({
    part,
    readyMs: part === "k6" ? k6ReadyMs : readyMs,
    peakMb: peaks[i] ?? null,
  }));
}

/** As many as ordinary traffic has users (scenarios/steady.ts). */
const NODES = 20;

const ignore = () => {};

/** A process's figure is gone when it ends, so all are read again and again until k6 has ended. */
async function watchPeaks(timed: readonly { process: RunningProcess }[], ended: Promise<unknown>) {
  const peaks: (number | null)[] = timed.map(() => null);
  let running = true;
  const stop = () => {
    running = false;
  };
  ended.then(stop, stop);
  while (running) {
    timed.forEach(({ process }, i) => {
      peaks[i] = peakMemoryMb(process.pid) ?? peaks[i]!;
    });
    await delay(EVERY_MS);
  }
  await ended;
  return peaks;
}

const EVERY_MS = 50;
