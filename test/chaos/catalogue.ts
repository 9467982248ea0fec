import type { Family, Fault } from "./fault.ts";
import { answers } from "./faults/answers.ts";
import { calm } from "./faults/calm.ts";
import { changes } from "./faults/changes.ts";
import { interrupts } from "./faults/interrupts.ts";
import { logs } from "./faults/logs.ts";
import { network } from "./faults/network.ts";
import { partsDie } from "./faults/parts-die.ts";
import { partsStop } from "./faults/parts-stop.ts";
import { slowness } from "./faults/slowness.ts";
import { surroundings } from "./faults/surroundings.ts";
import { together } from "./faults/together.ts";
import { randomOf } from "./random.ts";

export const FAMILIES: readonly Family[] = [
  calm,
  partsDie,
  partsStop,
  slowness,
  network,
  interrupts,
  answers,
  changes,
  surroundings,
  together,
  logs,
];

export interface Numbered {
  /** From 1; the same for the same seed. */
  number: number;
  family: string;
  fault: Fault;
}

/** All faults of a seed. A family's own do not depend on what the others draw. */
export function catalogueOf(seed: number): Numbered[] {
  const random = randomOf(seed);
  const all = FAMILIES.flatMap(({ name, faults }) =>
    faults(random.fork(name)).map((fault) => ({ family: name, fault })),
  );
  return all.map((one, index) => ({ number: index + 1, ...one }));
}
