import { parseWholeNumber } from "../src/cli/values.ts";
import { resultSchema } from "../src/record/result.ts";
import { measured } from "../src/record/units.ts";
import { EXIT, InconclusiveError } from "../src/run/exit.ts";
import { isolated } from "../src/run/isolated.ts";
import { runToEnd } from "../src/run/process.ts";
import type { Run } from "../src/run/run.ts";
import { startTarget } from "../src/stage/native/start-target.ts";
import { type Spread, spreadOf } from "./figures.ts";
import { bench, type Finding } from "./program.ts";
import { BENCH_RUNTIME, BENCH_RUNTIME_HELP, benchRuntime, prepare, type Scene, UNFIXED } from "./scene.ts";

/** The commands as they are typed, npm's own start included. */
export const demoTime = bench({
  name: "demo-time",
  question: "how long do a warm demo and a check take, in multiples of the target's idle close?",
  optionsHelp: `  --repeats N      of each (default 5)
${BENCH_RUNTIME_HELP}`,
  options: { repeats: { type: "string", default: "5" }, ...BENCH_RUNTIME },
  async measure(run, values) {
    const repeats = parseWholeNumber("--repeats", values.repeats, { min: 1, max: 50 });
    const runtime = benchRuntime(values.runtime);
    // Gets the parts, so that what is timed is warm.
    const scene = await prepare(run, runtime);
    const times: Record<Command, Timed[]> = { demo: [], check: [] };
    for (let repeat = 0; repeat < repeats; repeat++) {
      for (const command of COMMANDS) {
        const timed = await isolated(run, (inner) => time(inner, scene, command));
        times[command].push(timed);
        run.progress.line(
          `${repeat + 1} of ${repeats}: ${command}, ${timed.verdict} after ${measured(timed.wallMs)}, ${timed.multiple.toFixed(2)} times the idle close`,
        );
      }
    }
    return sumUp(times, scene.versions);
  },
});

const COMMANDS = ["demo", "check"] as const;
type Command = (typeof COMMANDS)[number];

/** What each comes to, at an unfixed target. */
const VERDICT: Record<Command, string> = { demo: "reproduced", check: "lost" };

const PROMISED_MULTIPLE = 1.5;

interface Timed {
  verdict: string;
  reasons: string[];
  idleCloseMs: number;
  /** From the start of npm to its end. */
  wallMs: number;
  multiple: number;
}

async function time(run: Run, scene: Scene, command: Command): Promise<Timed> {
  // Not --out: with it the packets are captured and read, too.
  const args = ["--json", "--runtime", scene.runtime.name];
  if (command === "check") args.unshift(await startApp(run, scene), "--expect", "lost");
  const beganMs = performance.now();
  const { code, stdout, stderr } = await runToEnd("npm", ["run", "--silent", command, "--", ...args], {
    env: process.env,
    signal: run.signal,
  });
  const wallMs = performance.now() - beganMs;
  if (code === EXIT.usageOrEnvironment || code === null) {
    throw new InconclusiveError(`npm run ${command} failed: ${stderr.trimEnd().split("\n").at(-1)}`);
  }
  const { verdict, reasons, probe } = resultSchema.parse(JSON.parse(stdout));
  const { idleCloseMs } = probe;
  if (idleCloseMs === null) throw new InconclusiveError(`npm run ${command} saw no idle close: ${reasons[0]}`);
  return { verdict, reasons, idleCloseMs, wallMs, multiple: wallMs / idleCloseMs };
}

/** Node's default: it closes idle connections after 6 s. */
async function startApp(run: Run, { targetApp }: Scene): Promise<string> {
  const { signal } = run;
  const app = await startTarget({ bundle: targetApp, environment: UNFIXED, onLine() {}, signal });
  run.defer(() => app.process.stop());
  return app.url;
}

function sumUp(times: Record<Command, Timed[]>, versions: Record<string, string>): Finding {
  const summaries = COMMANDS.map((command) => ({
    command,
    runs: times[command],
    idleCloseMs: spreadOf(times[command].map(({ idleCloseMs }) => idleCloseMs)).median,
    wallMs: spreadOf(times[command].map(({ wallMs }) => wallMs)),
    multiple: spreadOf(times[command].map(({ multiple }) => multiple)),
  }));
  const cells = ({ min, median, max }: Spread, digits: number) => [min, median, max].map((one) => one.toFixed(digits));
  return {
    tables: [
      [
        ["command", "idle close", "times it: min", "median", "max", "s: min", "median", "max"],
        ...summaries.map(({ command, idleCloseMs, wallMs, multiple }) => [
          `npm run ${command}`,
          measured(idleCloseMs),
          ...cells(multiple, 2),
          ...cells({ min: wallMs.min / 1000, median: wallMs.median / 1000, max: wallMs.max / 1000 }, 1),
        ]),
      ],
    ],
    says: [
      `From the start of npm to its end. Promised: at most ${PROMISED_MULTIPLE} times the idle close, each time.`,
      ...summaries.flatMap(({ command, runs }) =>
        runs
          .filter(({ verdict }) => verdict !== VERDICT[command])
          .map(({ verdict, reasons }) => `npm run ${command}: ${verdict}. ${reasons.join(" ")}`),
      ),
    ],
    held: summaries.every(
      ({ command, runs, multiple }) =>
        multiple.max <= PROMISED_MULTIPLE && runs.every(({ verdict }) => verdict === VERDICT[command]),
    ),
    data: { versions, promisedMultiple: PROMISED_MULTIPLE, commands: summaries },
  };
}
