import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { type TestContext, test } from "node:test";
import { keepCoresBusy } from "../../bench/busy.ts";
import { InconclusiveError } from "../../src/run/exit.ts";
import { undoLastFirst } from "../../src/run/undos.ts";
import { livingWith } from "../living.ts";
import { silentRun } from "../silent-run.ts";

test("Every core has a process that computes, and the run's end leaves none.", async (t) => {
  const { run, undos } = silentRun("");
  const variable = mark(t);
  t.after(() => undoLastFirst(undos));
  await keepCoresBusy(run);
  assert.equal((await computing(variable)).length, availableParallelism());
  await undoLastFirst(undos);
  assert.deepEqual(await livingWith(variable), []);
});

test("One that ends before the run does is told: the measurement would be none of a busy machine.", async (t) => {
  const { run, undos } = silentRun("");
  const variable = mark(t);
  t.after(() => undoLastFirst(undos));
  const { died } = await keepCoresBusy(run);
  process.kill((await computing(variable))[0]!.pid, "SIGKILL");
  await assert.rejects(died, InconclusiveError);
});

/** Without those that guard them. */
const computing = async (variable: string) =>
  (await livingWith(variable)).filter(({ command }) => command.includes("--eval"));

let marks = 0;

/** A variable that what is started from now on has in its environment, and nobody else. */
function mark(t: TestContext): string {
  const name = "ALB502_BUSY_TEST";
  const value = `${process.pid}-${++marks}`;
  process.env[name] = value;
  t.after(() => {
    delete process.env[name];
  });
  return `${name}=${value}`;
}
