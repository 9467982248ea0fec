import { EnvironmentError, InconclusiveError } from "../src/run/exit.ts";
import { isolated } from "../src/run/isolated.ts";
import type { Run } from "../src/run/run.ts";
import { findEngine } from "../src/stage/docker/engine.ts";
import { type Arm, asExpected, type Experiment, type Measured } from "./experiment.ts";
import { type Lab, openLab } from "./lab.ts";
import type { LabOptions } from "./options.ts";
import type { LabArm, LabResult } from "./record.ts";

/** Measures every arm of the experiments, some at a time, in their order. */
export async function runLab(
  run: Run,
  { experiments, atOnce }: Pick<LabOptions, "experiments" | "atOnce">,
): Promise<LabResult["experiments"]> {
  if (experiments.length === 0) return [];
  const lab = await openLab(run);
  const all = experiments.flatMap((experiment) => experiment.arms.map((arm) => ({ experiment, arm })));
  const hasEngine = all.some(({ arm }) => arm.needs === "docker") && (await engineAnswers(run));
  const waiting = all.filter(({ arm }) => arm.needs !== "docker" || hasEngine);
  const leftOut = all.length - waiting.length;
  if (leftOut > 0) run.progress.line(`no Docker engine answers: ${leftOut} measurements in containers are left out`);
  const total = waiting.length;
  const done = new Map<Arm, LabArm>();
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { experiment, arm } = next;
      done.set(arm, await measureOne(run, lab, arm));
      run.progress.line(`${done.size} of ${total}: ${experiment.name}, ${arm.name}: ${briefly(done.get(arm)!)}`);
    }
  };
  run.progress.line(
    `${total} measurements, ${Math.min(atOnce, total)} at a time; a target that keeps its connections takes a minute`,
  );
  await Promise.all(Array.from({ length: Math.min(atOnce, total) }, work));
  return experiments.map((experiment) => recordOf(experiment, done));
}

/** What an arm starts ends with it. One that cannot be measured does not end the others. */
async function measureOne(run: Run, lab: Lab, arm: Arm): Promise<LabArm> {
  const silent: Run = { ...run, progress: { ...run.progress, line() {}, transient() {} } };
  const measured = await isolated(silent, (own) => arm.measure(own, lab)).catch((error): Measured => {
    run.signal.throwIfAborted();
    if (!(error instanceof InconclusiveError || error instanceof EnvironmentError)) throw error;
    return {
      ...{ verdict: "inconclusive", attempts: 0, lost: 0, idleCloseMs: null, versions: {} },
      reasons: [`${error.message}.`],
    };
  });
  return {
    ...{ name: arm.name, expect: arm.expect, asExpected: asExpected(arm.expect, measured), more: {} },
    ...measured,
    reasons: [...measured.reasons],
    versions: { ...measured.versions },
    ...(measured.more && { more: { ...measured.more } }),
  };
}

export function briefly({ asExpected: is, verdict, attempts, lost, reasons }: LabArm): string {
  if (verdict === "inconclusive") return `inconclusive: ${reasons[0] ?? "it does not say why"}`;
  const can = verdict === "vulnerable" ? ", and some can be" : "";
  return `${lost} of ${attempts} lost${can}${is ? "" : is === null ? ", inconclusive" : ", NOT AS EXPECTED"}`;
}

const recordOf = ({ name, article, source, says, correction, arms }: Experiment, done: ReadonlyMap<Arm, LabArm>) => ({
  ...{ name, article, source, says, correction: correction ?? null },
  arms: arms.flatMap((arm) => done.get(arm) ?? []),
});

const engineAnswers = (run: Run): Promise<boolean> =>
  findEngine(run.signal).then(
    (engine) => engine !== null,
    () => false,
  );
