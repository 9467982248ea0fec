import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { parseWholeNumber } from "../src/cli/values.ts";
import { InconclusiveError } from "../src/run/exit.ts";
import { runToEnd } from "../src/run/process.ts";
import { ROOT } from "../src/run/root.ts";
import type { Run } from "../src/run/run.ts";
import { freePorts } from "../src/stage/ports.ts";
import { blockFor } from "./ci-job/guide.ts";
import { type Done, runJob } from "./ci-job/run-job.ts";
import { spreadOf } from "./figures.ts";
import { bench, type Finding } from "./program.ts";

/** The job of ten lines at the top of docs/ci.md, as a runner does it. */
export const ciJob = bench({
  name: "ci-job",
  question: "how long does the CI job of ten lines take, from checkout to verdict, cold and warm?",
  optionsHelp: "  --repeats N      of the warm ones (default 3)",
  options: { repeats: { type: "string", default: "3" } },
  async measure(run, values) {
    const repeats = parseWholeNumber("--repeats", values.repeats, { min: 1, max: 20 });
    const jobs: Timed[] = [];
    for (const [cache, app, times] of [["cold", "unfixed", 1] as const, ...warm(repeats)]) {
      for (let time = 0; time < times; time++) {
        const timed = await timeJob(run, { cache, app, number: jobs.length });
        jobs.push(timed);
        run.progress.line(`${cache}, ${app}: ${timed.verdict} after ${seconds(timed.tookMs)} s`);
      }
    }
    return sumUp(jobs);
  },
});

const warm = (repeats: number) => [["warm", "unfixed", repeats] as const, ["warm", "fixed", repeats] as const];

interface Timed {
  cache: "cold" | "warm";
  app: "unfixed" | "fixed";
  verdict: string;
  /** From the first step's beginning to the end of the check. */
  tookMs: number;
  steps: Done[];
}

interface Runner {
  /** Nothing of npm's or Go's is in it; of alb502's only what actions/cache has kept, and at first nothing. */
  home: string;
  /** A clone, as GitHub brings an action: without node_modules. */
  action: string;
}

/** A new machine, as a hosted runner is one. What is committed is measured. */
async function newRunner({ signal }: Run, folder: string, kept: string): Promise<Runner> {
  const home = join(folder, "home");
  const action = join(folder, "action");
  await mkdir(join(home, ".cache"), { recursive: true });
  if (existsSync(kept)) await rename(kept, join(home, ".cache/alb502"));
  const cloned = await runToEnd("git", ["clone", "--quiet", "--depth", "1", `file://${ROOT}`, action], {
    env: process.env,
    signal,
  });
  if (cloned.code !== 0) throw new InconclusiveError(`git clone ${ROOT}: ${cloned.output.trim()}`);
  // How this machine reaches the registry, and no cache.
  await cp(join(homedir(), ".npmrc"), join(home, ".npmrc")).catch(() => {});
  return { home, action };
}

async function timeJob(
  run: Run,
  { cache, app, number }: { cache: "cold" | "warm"; app: "unfixed" | "fixed"; number: number },
): Promise<Timed> {
  const folder = join(run.folder, `job-${number}`);
  const kept = join(run.folder, "kept");
  const { home, action } = await newRunner(run, folder, kept);
  const [port] = await freePorts(1);
  const repository = await writeApp(join(folder, "repository"), port!, app === "fixed" ? 65_000 : null);
  const workflow = blockFor(await readFile(join(ROOT, "docs/ci.md"), "utf8"), ".github/workflows/keep-alive.yml");
  const { steps } = await runJob(workflow.replaceAll("localhost:3000", `localhost:${port}`), {
    app: repository,
    action,
    folder,
    env: { ...environment(), HOME: home },
    signal: run.signal,
  });
  run.signal.throwIfAborted();
  await rename(join(home, ".cache/alb502"), kept);
  const check = steps.findIndex(({ name }) => name === "check");
  const { outputs, output } = steps[check]!;
  const { verdict } = outputs;
  if (verdict === undefined)
    throw new InconclusiveError(`the job came to no verdict: ${output.trim().split("\n").at(-1)}`);
  const until = steps.slice(0, check + 1);
  return { cache, app, verdict, tookMs: until.reduce((sum, { tookMs }) => sum + tookMs, 0), steps: until };
}

/** Without what would name a cache or a part. */
function environment(): NodeJS.ProcessEnv {
  const { XDG_CACHE_HOME, GOPATH, GOCACHE, GOMODCACHE, ...rest } = process.env;
  const named = /^(ALB502_|npm_|NPM_CONFIG_)/i;
  return Object.fromEntries(Object.entries(rest).filter(([name]) => !named.test(name)));
}

/** @param keepAliveMs null = Node's default, which closes after 6 s. @returns its folder */
async function writeApp(folder: string, port: number, keepAliveMs: number | null): Promise<string> {
  await mkdir(folder, { recursive: true });
  const about = { name: "app", version: "1.0.0", scripts: { start: "node app.js" } };
  const lock = { name: "app", version: "1.0.0", lockfileVersion: 3, packages: { "": about } };
  await writeFile(join(folder, "package.json"), JSON.stringify(about));
  await writeFile(join(folder, "package-lock.json"), JSON.stringify(lock));
  await writeFile(
    join(folder, "app.js"),
    `const server = require("node:http").createServer((_, response) => response.end("ok")).listen(${port});
${keepAliveMs === null ? "" : `server.keepAliveTimeout = ${keepAliveMs};`}
`,
  );
  return folder;
}

const EXPECTED = { unfixed: "lost", fixed: "clean" };

function sumUp(jobs: readonly Timed[]): Finding {
  const kinds = [...new Set(jobs.map(({ cache, app }) => `${cache}, ${app}`))];
  const rows = kinds.map((kind) => {
    const some = jobs.filter(({ cache, app }) => `${cache}, ${app}` === kind);
    const { min, median, max } = spreadOf(some.map(({ tookMs }) => tookMs));
    const verdicts = [...new Set(some.map(({ verdict }) => verdict))].join(", ");
    return [kind, verdicts, String(some.length), ...[min, median, max].map(seconds)];
  });
  return {
    tables: [[["caches, app", "verdict", "jobs", "s: min", "median", "max"], ...rows]],
    says: [
      "From the checkout to the verdict. Each on a new home folder and a new clone of the action, whose npm packages have to be had first; cold: k6 and Toxiproxy too.",
    ],
    held: jobs.every(({ app, verdict }) => verdict === EXPECTED[app]),
    data: {
      jobs: jobs.map(({ steps, ...job }) => ({ ...job, steps: steps.map(({ name, tookMs }) => ({ name, tookMs })) })),
    },
  };
}

const seconds = (ms: number): string => (ms / 1000).toFixed(1);
