import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { COLUMNS } from "../../../src/alb-log/athena/columns.ts";
import { TABLE } from "../../../src/alb-log/athena/table.ts";
import { linesView } from "../../../src/diagnose/athena/lines-view.ts";
import { EnvironmentError } from "../../../src/run/exit.ts";
import { runToEnd } from "../../../src/run/process.ts";
import { createProgress } from "../../../src/run/progress.ts";
import type { Run } from "../../../src/run/run.ts";
import { scratchFolder } from "../../parts/scratch.ts";
import { findProgram } from "../../servers/find-program.ts";
import { JDK } from "../../servers/java/packages.ts";
import { pythonPackages } from "../../servers/python/packages.ts";

/**
 * Runs a query in DuckDB, on the table that a regular expression reads from lines, and the view of them.
 * @returns its rows; null where there is no Python, and the test is skipped
 */
export async function inDuckDb(t: TestContext, lines: string[], regex: string, query: string) {
  const run = await runFor(t);
  const python = await orSkip(t, pythonPackages(run));
  if (python === null) return null;
  const job = {
    lines: join(run.folder, "lines"),
    regex,
    columns: COLUMNS,
    table: TABLE,
    statements: [linesView()],
    query,
  };
  await writeFile(job.lines, lines.map((line) => `${line}\n`).join(""));
  await writeFile(join(run.folder, "job.json"), JSON.stringify(job));
  const args = [join(import.meta.dirname, "run-sql.py"), join(run.folder, "job.json")];
  return rowsOf(run, python.path, args, {
    PYTHONPATH: python.site,
    PYTHONNOUSERSITE: "1",
    PYTHONDONTWRITEBYTECODE: "1",
  });
}

/** What Athena's own engine makes of lines: the groups of each; one empty cell where it does not match. */
export async function inJava(t: TestContext, lines: string[], regex: string) {
  const run = await runFor(t);
  const jdk = await orSkip(t, findProgram(run, JDK));
  if (jdk === null) return null;
  await writeFile(join(run.folder, "lines"), lines.map((line) => `${line}\n`).join(""));
  await writeFile(join(run.folder, "regex"), regex);
  const java = jdk.path.replace(/javac$/, "java");
  const args = [join(import.meta.dirname, "RegexSerDe.java"), join(run.folder, "regex"), join(run.folder, "lines")];
  return rowsOf(run, java, args, {});
}

async function rowsOf(run: Run, command: string, args: string[], env: NodeJS.ProcessEnv): Promise<string[][]> {
  const out = join(run.folder, "rows");
  const { code, output } = await runToEnd(command, [...args, out], {
    env: { ...process.env, ...env },
    signal: run.signal,
  });
  if (code !== 0) throw new Error(output);
  return (await readFile(out, "utf8"))
    .split("\n")
    .slice(0, -1)
    .map((row) => row.split("\x1f"));
}

async function runFor(t: TestContext): Promise<Run> {
  const folder = await scratchFolder(t);
  return { signal: t.signal, progress: createProgress(process.stderr), folder, defer: () => {} };
}

/** In CI it must be there: a failed download must not make it green. */
async function orSkip<T>(t: TestContext, getting: Promise<T>): Promise<T | null> {
  try {
    return await getting;
  } catch (error) {
    if (process.env.CI || !(error instanceof EnvironmentError)) throw error;
    t.skip(error.message);
    return null;
  }
}
