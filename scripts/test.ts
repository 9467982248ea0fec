import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { commandLine } from "../src/cli/command-line.ts";
import { EXIT, UsageError } from "../src/run/exit.ts";
import { createProgress } from "../src/run/progress.ts";
import { type Run, withRun } from "../src/run/run.ts";
import { CONTAINERS_ONLY, NO_PARTS, partsForTests } from "./parts-for-tests.ts";
import { bundleTests, PROGRAMS_VARIABLE } from "./test/bundle-tests.ts";
import { runNode } from "./test/run-node.ts";
import { runTestFiles } from "./test/run-test-files.ts";
import { inTurn } from "./test/turns.ts";

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
    const tests = runTests(run, files, { fast, env });
    tests.catch(() => {}); // after a check that failed nobody waits for them: the end of this run ends them
    const failed = (isWhole && (await failedCheck(run))) || ((await tests) ? null : "tests");
    if (failed) run.progress.line(`\nfailed: ${failed}`);
    return failed ? EXIT.expectationFailed : EXIT.asExpected;
  });
}

/** Beside the tests, most of which wait. @returns the first that failed, if any */
async function failedCheck(run: Run): Promise<string | null> {
  for (const { name, args } of CHECKS) {
    const { code, output } = await runNode(run, args, { cwd: ROOT });
    run.signal.throwIfAborted();
    run.progress.line(`\n${name}\n${output.trim()}`);
    if (code !== 0) return name;
  }
  return null;
}

interface Check {
  name: string;
  /** Node's. */
  args: string[];
}

/** The folders with code in them. */
const CODE = ["src", "scenarios", "target-app", "simulator", "scripts", "bench", "test"];

const CHECKS: readonly Check[] = [
  { name: "format and lint", args: ["node_modules/@biomejs/biome/bin/biome", "check"] },
  { name: "types: Node code", args: ["node_modules/typescript/bin/tsc", "-p", "."] },
  { name: "types: k6 scenarios", args: ["node_modules/typescript/bin/tsc", "-p", "scenarios"] },
  {
    name: "imports: the rooms of .dependency-cruiser.mjs",
    args: ["node_modules/dependency-cruiser/bin/dependency-cruise.mjs", "--output-type", "err", ...CODE],
  },
];

/** @returns whether all passed */
async function runTests(
  run: Run,
  files: readonly string[],
  { fast, env }: { fast: boolean; env: NodeJS.ProcessEnv },
): Promise<boolean> {
  const { early, any, quiet } = await inTurn(ROOT, files);
  run.progress.line(
    `\ntests: ${files.length} files${quiet.length > 0 ? `, ${quiet.length} of them at the end, one at a time` : ""}`,
  );
  const folder = await cacheFolder(run);
  const { built, programs } = await bundleTests(ROOT, files, folder);
  const cores = availableParallelism();
  const named = (names: readonly string[]) => names.map((name) => ({ name, built: built(name) }));
  return runTestFiles(run, {
    early: named(early),
    any: named(any),
    quiet: named(quiet),
    // In the fast lane each one computes; in the other most of them wait.
    atOnce: fast ? { least: cores, most: cores } : { least: 1, most: cores },
    cwd: ROOT,
    env: { ...env, [PROGRAMS_VARIABLE]: programs },
  });
}

/** Below node_modules, where what is in it finds the packages. */
async function cacheFolder(run: Run): Promise<string> {
  const cache = join(ROOT, "node_modules/.cache");
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, "alb502-tests-"));
  run.defer(() => rm(folder, { recursive: true, force: true }));
  return folder;
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
