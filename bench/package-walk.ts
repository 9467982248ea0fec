import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { loadavg } from "node:os";
import { join, resolve } from "node:path";
import { parseChoice } from "../src/cli/values.ts";
import { doctorSchema } from "../src/command/doctor/result.ts";
import { resultSchema } from "../src/record/result.ts";
import { EnvironmentError, InconclusiveError } from "../src/run/exit.ts";
import { lastLines } from "../src/run/last-words.ts";
import { runToEnd } from "../src/run/process.ts";
import type { Run } from "../src/run/run.ts";
import { freePorts } from "../src/stage/ports.ts";
import { PROJECT, pack } from "./package/installed.ts";
import { give, type Newcomer, newcomer } from "./package-walk/newcomer.ts";
import { type From, WAYS } from "./package-walk/ways.ts";
import { bench, type Finding } from "./program.ts";

/** From `npm pack` to a verdict on somebody's app, once for each way in which the parts can come. */
export const packageWalk = bench({
  name: "package-walk",
  question: "how long does a newcomer with the package wait for a verdict, by where the parts come from?",
  optionsHelp: `  --parts FROM     mirror, docker, go, or all of them (default all)
  --go-cache DIR   Go's caches, and where they stay; without it they are empty, and k6's source has to come first
                   Needs root, as each walk is a user's of its own.`,
  options: { parts: { type: "string", default: "all" }, "go-cache": { type: "string", default: "" } },
  async measure(run, values) {
    const wanted = parseChoice("--parts", values.parts, ["all", "mirror", "docker", "go"]);
    const goCache = values["go-cache"] === "" ? null : resolve(values["go-cache"]);
    if (process.platform !== "linux" || process.getuid?.() !== 0)
      throw new EnvironmentError("each walk is a user's of its own, which takes Linux and root");
    const packed = await pack(run.folder, run.signal);
    const walks: Walk[] = [];
    for (const from of wanted === "all" ? (["mirror", "docker", "go"] as const) : [wanted]) {
      const walk = await walkOnce(run, from, { tarball: packed.file, goCache, number: walks.length });
      walks.push(walk);
      run.progress.line(`${from}: ${walk.verdict} after ${seconds(walk.installMs + walk.checkMs)} s`);
    }
    return sumUp(walks, goCache !== null);
  },
});

interface Walk {
  from: From;
  verdict: string;
  runtime: string;
  /** `npm install --save-dev` of the tarball. */
  installMs: number;
  /** From `npx alb502 check` to its end, which comes after the verdict. */
  checkMs: number;
  /** Where each part came from. */
  origins: Record<PartTitle, string>;
  /** What is in alb502's cache afterwards. */
  cached: string[];
  /** What there still is and should not be. */
  left: string[];
  /** At the end of it, of the last minute. */
  load: number;
  said: string[];
}

type PartTitle = (typeof TITLES)[number];
const TITLES = ["HAProxy", "k6", "Toxiproxy"] as const;

async function walkOnce(
  run: Run,
  from: From,
  { tarball, goCache, number }: { tarball: string; goCache: string | null; number: number },
): Promise<Walk> {
  // No account of this machine has it, nor has another measurement that runs beside.
  const uid = 100_000 + (process.pid % 100_000) * 10 + number;
  const folder = join(run.folder, from);
  await mkdir(folder, { mode: 0o755 });
  await chmod(run.folder, 0o711); // it is root's alone; what is below it is reached by its name
  const { mirror, ...who } = await WAYS[from](run, folder, goCache);
  const person = await newcomer(run, join(folder, "newcomer"), { uid, ...who });
  if (goCache !== null && from === "go") {
    await give(goCache, uid, run.signal);
    run.defer(() => give(goCache, 0));
  }
  const [port] = await freePorts(1);
  const kept = (name: string) => readFile(join(person.project, "verdict", name), "utf8");

  await writeFile(join(person.project, "package.json"), PROJECT);
  await writeFile(join(person.project, "app.js"), APP);
  await give(person.project, uid, run.signal);
  const beganMs = performance.now();
  const installed = await person.run("npm", ["install", "--offline", "--no-audit", "--no-fund", "--save-dev", tarball]);
  if (installed.code !== 0) throw new InconclusiveError(`${from}: npm install: ${lastLines(installed.output)}`);
  const installedMs = performance.now();
  const line = ["alb502", "check", "--start", `node app.js ${port}`, String(port), "--out", "verdict"];
  const checked = await person.run("npx", line);
  const checkMs = performance.now() - installedMs;
  if (checked.code !== 0 && checked.code !== 1)
    throw new InconclusiveError(`${from}: exit code ${checked.code}: ${lastLines(checked.output)}`);
  const load = loadavg()[0]!;
  const left = [...(await person.left(goCache)), ...(from === "docker" ? await containersOf(uid, run.signal) : [])];
  const { verdict, settings } = resultSchema.parse(JSON.parse(await kept("result.json")));
  const runtime = String(settings.runtime);
  return {
    ...{ from, verdict, runtime, installMs: installedMs - beganMs, checkMs, load },
    left: mirror && mirror.asked.length !== 2 ? [...left, `asked the mirror for ${mirror.asked.join(", ")}`] : left,
    origins: runtime === "docker" ? { HAProxy: "image", k6: "image", Toxiproxy: "image" } : await originsOf(person),
    cached: await readdir(join(person.env.XDG_CACHE_HOME!, "alb502")).catch(() => []),
    said: checked.output.trim().split("\n"),
  };
}

/** Nothing is set: Node's own 5 s and a second, which an ALB outlives. */
const APP = `require("node:http")
  .createServer((_, response) => response.end("ok\\n"))
  .listen(Number(process.argv[2]));
`;

/** Asked of doctor, which gets nothing. */
async function originsOf(person: Newcomer): Promise<Record<PartTitle, string>> {
  const { stdout } = await person.run("npx", ["alb502", "doctor", "--json"]);
  const { parts } = doctorSchema.parse(JSON.parse(stdout));
  const origin = (title: string) => parts.find(({ name }) => name === title)?.origin ?? "none";
  return Object.fromEntries(TITLES.map((title) => [title, origin(title)])) as Record<PartTitle, string>;
}

/** Containers and networks carry who made them: src/stage/docker/sweep.ts. */
async function containersOf(uid: number, signal: AbortSignal): Promise<string[]> {
  const lists = await Promise.all(
    [
      ["ps", "--all"],
      ["network", "ls"],
    ].map((list) =>
      runToEnd("docker", [...list, "--format", '{{.ID}} {{.Label "alb502.owner"}}'], { env: process.env, signal }),
    ),
  );
  return lists.flatMap(({ stdout }) => stdout.split("\n").filter((line) => line.includes(`"uid":${uid},`)));
}

const EXPECTED: Record<From, { runtime: string; origins: Walk["origins"]; cached: number }> = {
  mirror: { runtime: "native", origins: { HAProxy: "PATH", k6: "fetched", Toxiproxy: "fetched" }, cached: 2 },
  docker: { runtime: "docker", origins: { HAProxy: "image", k6: "image", Toxiproxy: "image" }, cached: 0 },
  go: { runtime: "native", origins: { HAProxy: "PATH", k6: "built", Toxiproxy: "built" }, cached: 2 },
};

function sumUp(walks: readonly Walk[], goCacheGiven: boolean): Finding {
  const asDue = ({ from, verdict, runtime, origins, cached, left }: Walk): boolean => {
    const due = EXPECTED[from];
    const isDue = verdict === "lost" && runtime === due.runtime && cached.length === due.cached && left.length === 0;
    return isDue && TITLES.every((title) => origins[title] === due.origins[title]);
  };
  const rows = walks.map((walk) => [
    ...[walk.from, seconds(walk.installMs), seconds(walk.checkMs), walk.verdict],
    ...[walk.runtime, ...TITLES.map((title) => walk.origins[title]), walk.load.toFixed(0)],
  ]);
  return {
    tables: [[["parts by", "npm install s", "check s", "verdict", "runtime", ...TITLES, "load"], ...rows]],
    says: [
      "From npm pack's tarball, as a user of its own with an empty home, an empty npm cache, and few programs on PATH.",
      ...(walks.some(({ from }) => from === "go")
        ? [goCacheGiven ? "Go's caches are those of --go-cache." : "Go's caches were empty at first."]
        : []),
      "Promised: the verdict that is due, each part from where it is due, no process, container, or file outside its folders left.",
      ...walks.filter((walk) => !asDue(walk)).map((walk) => `${walk.from}: ${JSON.stringify(walk, null, 1)}`),
    ],
    held: walks.every(asDue),
    data: { walks },
  };
}

const seconds = (ms: number): string => (ms / 1000).toFixed(1);
