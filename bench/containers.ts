import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { InconclusiveError } from "../src/cli/exit.ts";
import type { Run } from "../src/cli/run.ts";
import { parseWholeNumber } from "../src/cli/values.ts";
import { medianExchangeMs } from "../src/probe/round-trip.ts";
import type { DockerStage, startDockerStage } from "../src/stage/docker/start-stage.ts";
import { spreadOf } from "./figures.ts";
import { isolated } from "./isolated.ts";
import { bench, type Finding } from "./program.ts";
import { LB_IDLE_MS, prepare, RTT_MS, type Scene, UNFIXED } from "./scene.ts";

const SERVICES = ["target", "network", "network-settings", "lb"] as const;
type Service = (typeof SERVICES)[number];

/** One `docker compose up --wait` and its `down`, with 1,000 requests between them. */
interface Trial {
  upMs: number;
  downMs: number;
  /** From the beginning of `up` until each was ready: healthy, or ended well. */
  readyMs: Record<Service, number>;
  /** What each container uses after the requests, MiB; the settings' container has ended by then. */
  memoryMib: Partial<Record<Service, number>>;
}

/** What the stage costs in containers, each repeat started anew. */
export const containers = bench({
  name: "containers",
  question: "how long do the containers take from up to ready, how much memory, and how long is down?",
  optionsHelp: "  --repeats N      (default 5)",
  options: { repeats: { type: "string", default: "5" } },
  async measure(run, values) {
    const repeats = parseWholeNumber("--repeats", values.repeats, { min: 1, max: 100 });
    const scene = await prepare(run, "docker");
    const trials: Trial[] = [];
    while (trials.length < repeats) {
      const trial = await isolated(run, (inner) => tryOnce(inner, scene));
      trials.push(trial);
      run.progress.line(`${trials.length} of ${repeats}: up in ${(trial.upMs / 1000).toFixed(1)} s`);
    }
    return sumUp(trials, scene.versions);
  },
});

async function tryOnce(run: Run, { runtime, targetApp }: Scene): Promise<Trial> {
  const beganAt = performance.timeOrigin + performance.now();
  const stage = (await runtime.startStage(run, {
    name: "cost",
    target: { bundle: targetApp, environment: UNFIXED },
    lb: { idleTimeoutMs: LB_IDLE_MS, nodes: 20 },
    rttMs: RTT_MS,
    port: null,
  })) as Awaited<ReturnType<typeof startDockerStage>>;
  const upMs = performance.timeOrigin + performance.now() - beganAt;
  const readyMs = Object.fromEntries(
    await Promise.all(SERVICES.map(async (service) => [service, (await readyAt(stage, service)) - beganAt])),
  ) as Trial["readyMs"];
  await medianExchangeMs(new URL(stage.lbUrl), REQUESTS, { signal: run.signal });
  const memoryMib = await memoryOf(stage);
  const stoppingAt = performance.now();
  await stage.stop();
  return { upMs, downMs: performance.now() - stoppingAt, readyMs, memoryMib };
}

const REQUESTS = 1000;

/** The first health check that went well, or the end of what is to end, Unix ms. Docker keeps the last five checks only. */
async function readyAt({ project }: DockerStage, service: Service): Promise<number> {
  const format = "{{json .State}}";
  const state = JSON.parse(await docker("inspect", "--format", format, `${project}-${service}-1`)) as {
    FinishedAt: string;
    Health?: { Log: { End: string; ExitCode: number }[] };
  };
  const first = state.Health?.Log.find(({ ExitCode }) => ExitCode === 0)?.End ?? state.FinishedAt;
  return Date.parse(first);
}

async function memoryOf({ project }: DockerStage): Promise<Trial["memoryMib"]> {
  const names = SERVICES.filter((service) => service !== "network-settings");
  const ids = names.map((service) => `${project}-${service}-1`);
  const lines = (await docker("stats", "--no-stream", "--format", "{{.MemUsage}}", ...ids)).split("\n");
  return Object.fromEntries(names.map((service, i) => [service, mebibytes(lines[i] ?? "")]));
}

/** "12.81MiB / 128MiB" */
function mebibytes(text: string): number {
  const [, number, unit] = /^([\d.]+)([KMG])iB /.exec(text) ?? [];
  if (!number) throw new InconclusiveError(`docker stats says "${text}" of a container's memory`);
  return Number(number) * { K: 1 / 1024, M: 1, G: 1024 }[unit as "K" | "M" | "G"];
}

async function docker(...args: string[]): Promise<string> {
  return (await promisify(execFile)("docker", args)).stdout.trim();
}

function sumUp(trials: readonly Trial[], versions: Record<string, string>): Finding {
  const seconds = (values: number[]) => {
    const { median, max } = spreadOf(values);
    return [(median / 1000).toFixed(1), (max / 1000).toFixed(1)];
  };
  const rows = SERVICES.map((service) => {
    const memory = trials.map(({ memoryMib }) => memoryMib[service]).filter((mib) => mib !== undefined);
    const ready = seconds(trials.map(({ readyMs }) => readyMs[service]));
    return [service, ...ready, memory.length === 0 ? "ended" : spreadOf(memory).max.toFixed(0)];
  });
  const whole = (name: string, values: number[]) => [name, ...seconds(values), "-"];
  return {
    tables: [
      [
        ["container", "ready after, s: median", "max", "memory after 1,000 requests, MiB: max"],
        ...rows,
        whole(
          "up, all ready",
          trials.map(({ upMs }) => upMs),
        ),
        whole(
          "stop and down",
          trials.map(({ downMs }) => downMs),
        ),
      ],
    ],
    says: ["Counted from the beginning of `up`. Nothing of a project may be left after its `down`: else this fails."],
    held: true,
    data: { versions, trials },
  };
}
