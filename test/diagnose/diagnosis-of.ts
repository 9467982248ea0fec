import type { Readable } from "node:stream";
import { runDiagnose } from "../../src/command/diagnose/run.ts";
import { type Diagnosis, diagnosisSchema } from "../../src/diagnose/diagnosis.ts";

/** The diagnosis of streams, each as a file, checked against its schema. */
export async function diagnosisOf(...streams: Readable[]): Promise<Diagnosis> {
  const progress = { line: () => {}, transient: () => {}, paint: (_: unknown, text: string) => text };
  const sources = streams.map((stream, i) => ({ name: `${i}.log`, open: () => stream }));
  return diagnosisSchema.parse(await runDiagnose({ signal: new AbortController().signal, progress }, sources));
}
