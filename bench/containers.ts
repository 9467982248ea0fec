import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { parseWholeNumber } from "../src/cli/values.ts";
import { medianExchangeMs } from "../src/probe/round-trip.ts";
import { InconclusiveError } from "../src/run/exit.ts";
import { isolated } from "../src/run/isolated.ts";
import type { Run } from "../src/run/run.ts";
import { type ComposeCommand, compose } from "../src/stage/docker/compose.ts";
import { dockerOutput } from "../src/stage/docker/docker.ts";
import { leftOf, removeProject } from "../src/stage/docker/remove-project.ts";
import { freeSubnets } from "../src/stage/docker/subnet.ts";
import { OWNER_LABEL, ownerLabel } from "../src/stage/docker/sweep.ts";
import { spreadOf } from "./figures.ts";
import { bench, type Finding } from "./program.ts";
import { prepare, type Scene } from "./scene.ts";

const SERVICES = ["target", "network", "network-settings", "lb"] as const;
type Service = (typeof SERVICES)[number];

/** One `docker compose up --wait` and its `down`, with 1,000 requests between them. */
interface Trial {
  upMs: number;
  downMs: number;
  /** From the beginning of `up` until each was ready: healthy, or ended with 0. */
  readyMs: Record<Service, number>;
  /** What each container uses after the requests, MiB; the settings' container has ended by then. */
  memoryMib: Partial<Record<Service, number>>;
  /** Containers and networks that were there after `down`. */
  left: string[];
}

/** What the stage costs in containers, restarted for each repeat. */
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
      const trial = await isolated(run, (inner) => tryOnce(inner, scene, trials.length));
      trials.push(trial);
      run.progress.line(`${trials.length} of ${repeats}: up in ${(trial.upMs / 1000).toFixed(1)} s`);
    }
    return sumUp(trials, scene.versions);
  },
});

/** By hand, as the head of docker-compose.yml says, with its health checks, which tell when each part was ready. */
async function tryOnce(run: Run, scene: Scene, repeat: number): Promise<Trial> {
  const project = `${basename(run.folder).toLowerCase()}-${repeat}`;
  const [subnet] = await freeSubnets("198.18.0.0/24");
  const variables = { BUNDLES: scene.runtime.bundles, RESULTS: run.folder, LB_PORT: "0", SUBNET: subnet!.cidr };
  const owned = join(run.folder, "owned.json");
  await writeFile(owned, JSON.stringify(labelled(await ownerLabel())));
  const command: ComposeCommand = {
    args: ["compose", "--file", FILE, "--file", owned, "--env-file", "/dev/null", "--project-name", project],
    env: variables,
  };
  run.defer(() => removeProject(command, project));
  const beganAt = performance.timeOrigin + performance.now();
  await compose(command, ["up", "--detach", "--wait", "--pull", "never"], run);
  const upMs = performance.timeOrigin + performance.now() - beganAt;
  const readyMs = Object.fromEntries(
    await Promise.all(SERVICES.map(async (service) => [service, (await readyAt(project, service)) - beganAt])),
  ) as Trial["readyMs"];
  const address = (await compose(command, ["port", "lb", "8080"], run)).trim();
  await medianExchangeMs(new URL(`http://${address}`), REQUESTS, { signal: run.signal });
  const memoryMib = await memoryOf(project);
  const stoppingAt = performance.now();
  await compose(command, ["down"], run);
  return { upMs, downMs: performance.now() - stoppingAt, readyMs, memoryMib, left: await leftOf(project) };
}

/** What a `kill -9` leaves is found by its labels. As a Compose file: JSON is YAML. */
function labelled(owner: string) {
  const labels = { [OWNER_LABEL]: owner };
  return {
    services: Object.fromEntries(SERVICES.map((name) => [name, { labels }])),
    networks: { default: { labels } },
  };
}

const FILE = join(import.meta.dirname, "../docker-compose.yml");

const REQUESTS = 1000;

/** The first successful health check, or the end of a container that should end, Unix ms. Docker keeps five checks. */
async function readyAt(project: string, service: Service): Promise<number> {
  const format = "{{json .State}}";
  const state = JSON.parse(await dockerOutput(["inspect", "--format", format, `${project}-${service}-1`])) as {
    FinishedAt: string;
    Health?: { Log: { End: string; ExitCode: number }[] };
  };
  const first = state.Health?.Log.find(({ ExitCode }) => ExitCode === 0)?.End ?? state.FinishedAt;
  return Date.parse(first);
}

async function memoryOf(project: string): Promise<Trial["memoryMib"]> {
  const names = SERVICES.filter((service) => service !== "network-settings");
  const ids = names.map((service) => `${project}-${service}-1`);
  const lines = (await dockerOutput(["stats", "--no-stream", "--format", "{{.MemUsage}}", ...ids])).split("\n");
  return Object.fromEntries(names.map((service, i) => [service, mebibytes(lines[i] ?? "")]));
}

/** "12.81MiB / 128MiB" */
function mebibytes(text: string): number {
  const [, number, unit] = /^([\d.]+)([KMG])iB /.exec(text) ?? [];
  if (!number) throw new InconclusiveError(`docker stats says "${text}" of a container's memory`);
  return Number(number) * { K: 1 / 1024, M: 1, G: 1024 }[unit as "K" | "M" | "G"];
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
          "down, nothing left",
          trials.map(({ downMs }) => downMs),
        ),
      ],
    ],
    says: ["Counted from the beginning of `up`. Nothing of a project may be left after its `down`: else this fails."],
    held: trials.every(({ left }) => left.length === 0),
    data: { versions, trials },
  };
}
