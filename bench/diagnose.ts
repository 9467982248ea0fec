import { createReadStream, createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { parseWholeNumber } from "../src/cli/values.ts";
import { runToEnd } from "../src/run/process.ts";
import type { Run } from "../src/run/run.ts";
import { madeLog } from "./diagnose/made-log.ts";
import type { Pass } from "./diagnose/pass.ts";
import { type Spread, spreadOf } from "./figures.ts";
import { bench } from "./program.ts";

/** The diagnosis against merely reading the lines, and its memory for a tenth of a log and for all of it. */
export const diagnose = bench({
  name: "diagnose",
  question: "how fast does diagnose read an access log, and does its memory stay the same?",
  optionsHelp: `  --size N         of the made log, MB (default 1000)
  --passes N       of each way over each file, in turn (default 3)`,
  options: { size: { type: "string", default: "1000" }, passes: { type: "string", default: "3" } },
  async measure(run, values) {
    const sizeMb = parseWholeNumber("--size", values.size, { min: 10, max: 20_000 });
    const passes = parseWholeNumber("--passes", values.passes, { min: 1, max: 20 });
    const tenth = await makeLog(run, "tenth.log", sizeMb / 10);
    const whole = await makeLog(run, "whole.log", sizeMb);
    const forms = { plain: whole.file, gzip: await gzipped(run, whole.file) };
    const measured: Record<string, Record<Way, Pass[]>> = {};
    for (const form of Object.keys(forms)) measured[form] = { readline: [], diagnose: [] };
    const small: Pass[] = [];
    for (let i = 0; i < passes; i++) {
      run.progress.transient(`pass ${i + 1} of ${passes}`);
      small.push(await pass(run, "diagnose", tenth.file));
      for (const [form, file] of Object.entries(forms))
        for (const way of WAYS) measured[form]![way].push(await pass(run, way, file));
    }
    const peaks = {
      tenth: peakOf(small),
      whole: peakOf(measured.plain!.diagnose),
      gzip: peakOf(measured.gzip!.diagnose),
    };
    const rows = Object.entries(measured).map(([form, ways]) => {
      const rate = (way: Way) => spreadOf(ways[way].map(({ ms }) => whole.mb / (ms / 1000)));
      const lines = spreadOf(ways.diagnose.map(({ ms, lines }) => lines / (ms / 1000)));
      const share = spreadOf(ways.diagnose.map(({ ms }, i) => ways.readline[i]!.ms / ms));
      return { form, diagnose: rate("diagnose"), lines, readline: rate("readline"), share };
    });
    return {
      tables: [
        [
          ["form", "MB/s", "lines/s", "MB/s, readline alone", "diagnose's share of it"],
          ...rows.map((row) => [
            row.form,
            spread(row.diagnose, 0),
            spread(row.lines, 0),
            spread(row.readline, 0),
            spread(row.share, 2),
          ]),
        ],
        [
          ["peak memory, MB", "a tenth", "the whole log", "gzipped"],
          ["diagnose", spread(peaks.tenth, 0), spread(peaks.whole, 0), spread(peaks.gzip, 0)],
        ],
      ],
      says: [
        `${whole.mb.toFixed(0)} MB of text, ${whole.lines} lines. Each pass in a process of its own; its start is not counted.`,
        "MB/s of text, decompressed. Median of the passes, and their range.",
      ],
      // Keeping a gigabyte would show as hundreds of MB; V8 alone varies by some tens.
      held: peaks.whole.median < peaks.tenth.median + 100 && peaks.gzip.median < peaks.tenth.median + 100,
      data: { mb: whole.mb, lines: whole.lines, rows, peaks },
    };
  },
});

type Way = "readline" | "diagnose";
const WAYS: readonly Way[] = ["readline", "diagnose"];

/** Streams a made log into a file. */
async function makeLog(run: Run, name: string, mb: number): Promise<{ file: string; mb: number; lines: number }> {
  const file = join(run.folder, name);
  let [bytes, lines] = [0, 0];
  const requests = Math.round((mb * 1e6) / averageBytes());
  const chunks = function* () {
    let chunk = "";
    for (const { line } of madeLog({ requests })) {
      chunk += `${line}\n`;
      lines += 1;
      if (chunk.length < 256 * 1024) continue;
      bytes += chunk.length;
      run.progress.transient(`making the log: ${(bytes / 1e6).toFixed(0)} of ${mb} MB`);
      yield Buffer.from(chunk);
      chunk = "";
    }
    bytes += chunk.length;
    yield Buffer.from(chunk);
  };
  await pipeline(Readable.from(chunks()), createWriteStream(file), { signal: run.signal });
  return { file, mb: bytes / 1e6, lines };
}

function averageBytes(): number {
  const sample = [...madeLog({ requests: 1000 })];
  return sample.reduce((sum, { line }) => sum + line.length + 1, 0) / sample.length;
}

async function gzipped(run: Run, file: string): Promise<string> {
  run.progress.transient("compressing it");
  await pipeline(createReadStream(file), createGzip({ level: 1 }), createWriteStream(`${file}.gz`), {
    signal: run.signal,
  });
  return `${file}.gz`;
}

async function pass({ signal }: Run, way: Way, file: string): Promise<Pass> {
  const args = ["--import", "tsx", join(import.meta.dirname, "diagnose/pass.ts"), way, file];
  const { stdout } = await runToEnd(process.execPath, args, { env: process.env, signal });
  return JSON.parse(stdout) as Pass;
}

const peakOf = (passes: readonly Pass[]): Spread => spreadOf(passes.map(({ peakMb }) => peakMb));

const spread = ({ min, median, max }: Spread, digits: number): string =>
  `${median.toFixed(digits)} (${min.toFixed(digits)}-${max.toFixed(digits)})`;
