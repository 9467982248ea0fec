import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { commandLine } from "../src/cli/command-line.ts";
import { EXIT, UsageError } from "../src/run/exit.ts";
import { createProgress } from "../src/run/progress.ts";
import { type Run, withRun } from "../src/run/run.ts";
import { CONTAINERS_ONLY, NO_PARTS, partsForTests } from "./parts-for-tests.ts";

const help =
  (): string => `npm test -- [--fast] [WORD...]: everything that has to hold before a commit, up to the first failure: the real
parts are installed, then format and lint, types, imports between rooms, and all tests.

  WORD     nothing but the test files with it in their path, which get the parts that they need: npm test -- verdict
  --fast   without the tests that start a part, a container or a browser, or measure milliseconds: in a minute or two
  --help   this text

Where the parts cannot be installed but a Docker engine answers, the tests that start parts outside of containers are
skipped, with a line that says so.

Exit code 0 when all is well, 1 when something failed, 2 when a part cannot be installed.`;

const testCommandLine = commandLine({
  called: "npm test",
  help,
  options: { fast: { type: "boolean", default: false } },
  positionals: true,
  read: ({ fast }, words) => ({ fast, words }),
});

/** Everything that has to hold before a commit, or the tests that are named. @returns 0, or 1 at the first failure */
export async function main(argv: string[]): Promise<number> {
  const options = testCommandLine.parse(argv);
  if (options === null) {
    console.log(help());
    return EXIT.asExpected;
  }
  const { fast, words } = options;
  const isWhole = words.length === 0;
  const files = await testFiles(words);
  return withRun(createProgress(process.stdout), async (run) => {
    const env = fast ? NO_PARTS : isWhole ? await getParts(run) : {};
    for (const { name, args } of [...(isWhole ? CHECKS : []), tests(files, fast)]) {
      run.progress.line(`\n${name}`);
      const code = await runNode(args, env, run);
      run.signal.throwIfAborted();
      if (code !== 0) {
        run.progress.line(`\nfailed: ${name}`);
        return EXIT.expectationFailed;
      }
    }
    return EXIT.asExpected;
  });
}

interface Step {
  name: string;
  /** Node's. */
  args: string[];
}

/** The folders with code in them. */
const CODE = ["src", "scenarios", "target-app", "simulator", "scripts", "bench", "test"];

const CHECKS: readonly Step[] = [
  { name: "format and lint", args: ["node_modules/@biomejs/biome/bin/biome", "check"] },
  { name: "types: Node code", args: ["node_modules/typescript/bin/tsc", "-p", "."] },
  { name: "types: k6 scenarios", args: ["node_modules/typescript/bin/tsc", "-p", "scenarios"] },
  {
    name: "imports: the rooms of .dependency-cruiser.mjs",
    args: ["node_modules/dependency-cruiser/bin/dependency-cruise.mjs", "--output-type", "err", ...CODE],
  },
];

function tests(files: readonly string[], fast = false): Step {
  // One file at a time: tests that measure milliseconds must not compete for the cores. The fast lane has none of them.
  const concurrency = fast ? availableParallelism() : 1;
  return {
    name: `tests: ${files.length} files`,
    args: ["--import", "tsx", "--test", `--test-concurrency=${concurrency}`, "--test-reporter=spec", ...files],
  };
}

/** Up front, so that no build of k6 takes its minutes in the middle of the tests. @returns the environment of the tests */
async function getParts({ progress, signal }: Run): Promise<NodeJS.ProcessEnv> {
  const got = await partsForTests(["haproxy", "k6", "toxiproxy"], progress, signal);
  if ("parts" in got) return {};
  progress.line(`LEFT OUT: the tests that start the parts outside of containers\n${got.leftOut}`);
  return CONTAINERS_ONLY;
}

/** The test files whose path has any of the words in it. Node 20's runner knows no globs. */
async function testFiles(words: readonly string[]): Promise<string[]> {
  const all = await readdir(join(ROOT, "test"), { recursive: true });
  const files = all.filter((file) => file.endsWith(".test.ts")).map((file) => join("test", file));
  const chosen = files.filter((file) => words.length === 0 || words.some((word) => file.includes(word))).sort();
  if (chosen.length === 0) throw new UsageError(`no test file has ${words.join(" or ")} in its path; see test/`);
  return chosen;
}

const ROOT = join(import.meta.dirname, "..");

/** Its output goes straight through. @returns its exit code; 1 when a signal ended it */
async function runNode(args: readonly string[], env: NodeJS.ProcessEnv, run: Run): Promise<number> {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ["ignore", "inherit", "inherit"],
  });
  run.defer(() => stop(child));
  const [code] = (await once(child, "exit")) as [number | null];
  return code ?? 1;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}
