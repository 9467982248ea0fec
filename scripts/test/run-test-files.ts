import type { Run } from "../../src/run/run.ts";
import { runNode } from "./run-node.ts";
import { closing, readSaid, type Said } from "./said.ts";

/** A test file: its name for people, and what Node runs. */
export interface TestFile {
  name: string;
  built: string;
}

export interface Order {
  /** From the first to begin to the last. */
  together: readonly TestFile[];
  /** How many of `together` run at once. */
  atOnce: number;
  /** After these, one at a time. */
  alone: readonly TestFile[];
  cwd: string;
  /** Of the tests, beside this process's own. */
  env: NodeJS.ProcessEnv;
}

/**
 * Runs each test file in a process of its own and prints what it said when it has ended, so that what runs at once is
 * not mixed up; at the end the closing lines of Node's runner, once for all. @returns whether all passed
 */
export async function runTestFiles(run: Run, { together, atOnce, alone, cwd, env }: Order): Promise<boolean> {
  const startMs = performance.now();
  const ended: Said[] = [];
  const runAll = async (waiting: TestFile[]) => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const beganMs = performance.now();
      const args = ["--enable-source-maps", "--test-reporter=spec", file.built];
      const { code, output } = await runNode(run, args, { cwd, env });
      run.signal.throwIfAborted();
      const said = readSaid(file.name, output, code);
      ended.push(said);
      const tookS = (performance.now() - beganMs) / 1000;
      run.progress.line(`\n${file.name} (${tookS.toFixed(1)} s)\n${said.body}`);
    }
  };
  const waiting = [...together];
  await Promise.all(Array.from({ length: atOnce }, () => runAll(waiting)));
  await runAll([...alone]);
  run.progress.line(closing(ended, performance.now() - startMs));
  return ended.every(({ failures }) => failures === "");
}
