import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { parseWholeNumber } from "../src/cli/values.ts";
import { EnvironmentError } from "../src/run/exit.ts";
import { onPath } from "../src/run/on-path.ts";
import type { Run } from "../src/run/run.ts";
import { madeLog } from "./diagnose/made-log.ts";
import { type Measured, TOOLS, WAYS } from "./diagnose/ways.ts";
import { type Spread, spreadOf } from "./figures.ts";
import { bench } from "./program.ts";

/** A folder of gzipped logs: the diagnosis beside GoAccess and gawk, on one core and on two, and its memory. */
export const diagnose = bench({
  name: "diagnose",
  question: "how fast does diagnose read a folder of gzipped logs, beside gawk and GoAccess, and in how much memory?",
  optionsHelp: `  --size N         of the made log, MB of text (default 1000), in files of 20 MB
  --passes N       of each way, in turn (default 3)`,
  options: { size: { type: "string", default: "1000" }, passes: { type: "string", default: "3" } },
  async measure(run, values) {
    const sizeMb = parseWholeNumber("--size", values.size, { min: 100, max: 20_000 });
    const passes = parseWholeNumber("--passes", values.passes, { min: 1, max: 20 });
    await assertTools();
    const log = await makeLog(run, sizeMb);
    // V8 collects what was inflated only when some 64 MB of it have gathered, in each thread: a few files do not show that.
    const half = log.files.slice(0, Math.ceil(log.files.length / 2));
    const measured: Record<WayName, Measured[]> = { one: [], goaccess: [], two: [], gawk: [] };
    const small: Measured[] = [];
    for (let i = 0; i < passes; i++) {
      for (const way of WAY_NAMES) {
        run.progress.transient(`pass ${i + 1} of ${passes}: ${WAYS[way].name}`);
        measured[way].push(await WAYS[way].read(run, log.files));
      }
      small.push(await WAYS.two.read(run, half));
    }
    const rate = (way: WayName) => spreadOf(measured[way].map(({ ms, startMs }) => log.mb / ((ms - startMs) / 1000)));
    // Pass by pass: what else the machine does in that time is done to both.
    const ratio = (a: WayName, b: WayName, startCounts: boolean) =>
      spreadOf(measured[a].map(({ ms, startMs }, i) => measured[b][i]!.ms / (ms - (startCounts ? 0 : startMs))));
    const ratios = {
      goaccess: ratio("one", "goaccess", false),
      goaccessWithStart: ratio("one", "goaccess", true),
      gawk: ratio("two", "gawk", false),
      gawkWithStart: ratio("two", "gawk", true),
    };
    const peaks = { half: peakOf(small), one: peakOf(measured.one), two: peakOf(measured.two) };
    const flat = peaks.two.median < peaks.half.median + 100;
    return {
      tables: [
        [
          ["way", "cores", "MB/s of text"],
          ...WAY_NAMES.map((way) => [WAYS[way].name, `${WAYS[way].cores}`, spread(rate(way), 0)]),
        ],
        [
          ["diagnose's rate", "times", "its start included", "wanted"],
          ["of GoAccess's, one core", spread(ratios.goaccess, 2), spread(ratios.goaccessWithStart, 2), ">= 2"],
          ["of gawk's, two cores", spread(ratios.gawk, 2), spread(ratios.gawkWithStart, 2), ">= 1"],
        ],
        [
          ["peak memory, MB", "half of it, two cores", "all, one core", "all, two cores"],
          ["diagnose", spread(peaks.half, 0), spread(peaks.one, 0), spread(peaks.two, 0)],
        ],
      ],
      says: [
        `${log.mb.toFixed(0)} MB of text in ${log.files.length} gzipped files, ${log.lines} lines; ${passes} passes of each way, in turn: median and range.`,
        `Node takes ${(spreadOf(measured.one.map(({ startMs }) => startMs)).median / 1000).toFixed(1)} s to start.`,
      ],
      held: ratios.goaccess.median >= 2 && ratios.gawk.median >= 1 && flat,
      data: { mb: log.mb, lines: log.lines, measured, ratios, peaks },
    };
  },
});

type WayName = keyof typeof WAYS;
const WAY_NAMES = Object.keys(WAYS) as WayName[];

/** @throws EnvironmentError that names all that is missing, with the command that installs it */
async function assertTools(): Promise<void> {
  const tools = Object.keys(TOOLS) as (keyof typeof TOOLS)[];
  const found = await Promise.all(tools.map((tool) => onPath(tool, process.env)));
  const missing = tools.filter((_, i) => found[i]!.length === 0);
  if (missing.length > 0)
    throw new EnvironmentError(
      `${missing.join(", ")} cannot be found: apt-get install -y ${missing.map((tool) => TOOLS[tool]).join(" ")}`,
    );
  if (availableParallelism() < 2)
    throw new EnvironmentError("one core is there, two are needed: run it on more of them");
}

/** Streams a made log into files as an ALB's nodes leave them. */
async function makeLog(run: Run, mb: number): Promise<{ files: string[]; mb: number; lines: number }> {
  const files: string[] = [];
  let [bytes, lines, inFile] = [0, 0, 0];
  let out = createGzip({ level: 6 });
  let written = Promise.resolve();
  const open = () => {
    const file = join(run.folder, `${String(files.length).padStart(4, "0")}.log.gz`);
    files.push(file);
    out = createGzip({ level: 6 });
    written = finished(out.pipe(createWriteStream(file)));
    inFile = 0;
  };
  const close = async () => {
    out.end();
    await written;
  };
  open();
  let chunk = "";
  const requests = Math.round((mb * 1e6) / averageBytes());
  for (const { line } of madeLog({ requests })) {
    chunk += `${line}\n`;
    lines += 1;
    if (chunk.length < CHUNK_BYTES) continue;
    run.signal.throwIfAborted();
    run.progress.transient(`making the log: ${(bytes / 1e6).toFixed(0)} of ${mb} MB`);
    if (!out.write(chunk)) await once(out, "drain");
    bytes += chunk.length;
    inFile += chunk.length;
    chunk = "";
    if (inFile < FILE_BYTES) continue;
    await close();
    open();
  }
  bytes += chunk.length;
  out.write(chunk);
  await close();
  return { files, mb: bytes / 1e6, lines };
}

const CHUNK_BYTES = 256 * 1024;
const FILE_BYTES = 20e6;

function averageBytes(): number {
  const sample = [...madeLog({ requests: 1000 })];
  return sample.reduce((sum, { line }) => sum + line.length + 1, 0) / sample.length;
}

const peakOf = (measured: readonly Measured[]): Spread => spreadOf(measured.map(({ peakMb }) => peakMb!));

const spread = ({ min, median, max }: Spread, digits: number): string =>
  `${median.toFixed(digits)} (${min.toFixed(digits)}-${max.toFixed(digits)})`;
