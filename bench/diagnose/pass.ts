import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import { runDiagnose } from "../../src/command/diagnose/run.ts";
import { sourcesOf } from "../../src/diagnose/sources.ts";

/** One pass over a log in a process of its own, so that its peak memory is that pass's. */
export interface Pass {
  ms: number;
  lines: number;
  peakMb: number;
}

/** Prints a Pass as JSON. argv: "diagnose" or "readline", the file. */
async function main([way, file]: string[]): Promise<void> {
  const began = performance.now();
  const lines = way === "diagnose" ? await diagnosed(file!) : await counted(file!);
  const pass: Pass = { ms: performance.now() - began, lines, peakMb: process.resourceUsage().maxRSS / 1024 };
  process.stdout.write(JSON.stringify(pass));
}

async function diagnosed(file: string): Promise<number> {
  const progress = { line: () => {}, transient: () => {}, paint: (_: unknown, text: string) => text };
  const run = { signal: new AbortController().signal, progress };
  return (await runDiagnose(run, await sourcesOf([file]))).input.lines;
}

/** The least that any reader does: Node's readline, without looking at the lines. */
function counted(file: string): Promise<number> {
  const bytes = createReadStream(file);
  const input = file.endsWith(".gz") ? bytes.pipe(createGunzip({ chunkSize: 64 * 1024 })) : bytes;
  return new Promise((resolve, reject) => {
    let lines = 0;
    createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })
      .on("line", () => {
        lines += 1;
      })
      .on("close", () => resolve(lines));
    input.on("error", reject);
  });
}

await main(process.argv.slice(2));
