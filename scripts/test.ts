import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { ensureParts } from "../src/parts/ensure-parts.ts";
import { EnvironmentError, EXIT, UsageError } from "../src/run/exit.ts";
import { createProgress } from "../src/run/progress.ts";
import { type Run, withRun } from "../src/run/run.ts";
import { findEngine } from "../src/stage/docker/engine.ts";

const HELP = `npm test -- [WORD...]: gets the real parts, then format and lint, types, and the tests, up to the first failure.

  WORD     only test files with it in their path: npm test -- verdict
  --help   this text

Where the parts cannot be had but a Docker engine answers, the tests that start parts outside of containers are left out,
which is said.

Exit code 0 when all is well, 1 when something failed, 2 when a part cannot be had.`;

/** Everything that has to hold before a commit. @returns 0, or 1 at the first failure */
export async function main(argv: string[]): Promise<number> {
  if (argv.includes("--help")) {
    console.log(HELP);
    return EXIT.asExpected;
  }
  const files = await testFiles(argv);
  return withRun(createProgress(process.stdout), async (run) => {
    for (const { name, args } of steps(await runnable(files, run))) {
      run.progress.line(`\n${name}`);
      const code = await runNode(args, run);
      run.signal.throwIfAborted();
      if (code !== 0) {
        run.progress.line(`\nfailed: ${name}`);
        return EXIT.expectationFailed;
      }
    }
    return EXIT.asExpected;
  });
}

const ROOT = join(import.meta.dirname, "..");

function steps(files: readonly string[]): { name: string; args: string[] }[] {
  return [
    { name: "format and lint", args: ["node_modules/@biomejs/biome/bin/biome", "check"] },
    { name: "types: Node code", args: ["node_modules/typescript/bin/tsc", "-p", "."] },
    { name: "types: k6 scenarios", args: ["node_modules/typescript/bin/tsc", "-p", "scenarios"] },
    {
      name: `tests: ${files.length} files`,
      // One file at a time: tests that measure milliseconds must not compete for the cores.
      args: ["--import", "tsx", "--test", "--test-concurrency=1", "--test-reporter=spec", ...files],
    },
  ];
}

/** Those that this machine can run. @throws EnvironmentError where it has neither the parts nor a Docker engine */
async function runnable(files: readonly string[], run: Run): Promise<string[]> {
  try {
    await ensureParts(["haproxy", "k6", "toxiproxy"], run.progress, run.signal);
    return [...files];
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    // In CI the parts have to be got: a failed download must not make it green with most of the tests left out.
    if (process.env.CI) throw error;
    const engine = await findEngine(run.signal).catch(() => null);
    const without = engine ? files.filter((file) => !startsParts(join(ROOT, file))) : [];
    if (without.length === 0) throw error;
    const left = files.length - without.length;
    run.progress.line(`LEFT OUT: ${left} of ${files.length} test files, which start the parts outside of containers`);
    run.progress.line(error.message);
    return without;
  }
}

/** Whether a file of test/, or one that it imports from there, starts real parts on this machine. */
function startsParts(file: string): boolean {
  if (relative(ROOT, file).includes(`${sep}docker${sep}`)) return false;
  const text = readFileSync(file, "utf8");
  if (/from "[./]+src\/(parts\/ensure-parts|stage\/native\/start-\w+)\.ts"|run\.mjs/.test(text)) return true;
  const imports = [...text.matchAll(/from "(\.[^"]+)"/g)].map(([, path]) => join(dirname(file), path!));
  return imports.some((path) => path.startsWith(join(ROOT, "test")) && startsParts(path));
}

/** The test files whose path has any of the words in it. Node 20's runner knows no globs. */
async function testFiles(words: readonly string[]): Promise<string[]> {
  const option = words.find((word) => word.startsWith("-"));
  if (option) throw new UsageError(`unknown option "${option}": expected words that test files have in their path`);
  const all = await readdir(join(ROOT, "test"), { recursive: true });
  const files = all.filter((file) => file.endsWith(".test.ts")).map((file) => join("test", file));
  const chosen = files.filter((file) => words.length === 0 || words.some((word) => file.includes(word))).sort();
  if (chosen.length === 0) throw new UsageError(`no test file has ${words.join(" or ")} in its path; see test/`);
  return chosen;
}

/** Its output goes straight through. @returns its exit code; 1 when a signal ended it */
async function runNode(args: readonly string[], run: Run): Promise<number> {
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "inherit", "inherit"] });
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
