import { join } from "node:path";
import { runToEnd } from "../../src/run/process.ts";
import type { Run } from "../../src/run/run.ts";
import type { Pass } from "./pass.ts";

/** A way to read a folder of gzipped logs, on some cores of this machine. */
export interface Way {
  name: string;
  cores: 1 | 2;
  /** @returns how long it took, its start included */
  read(run: Run, files: readonly string[]): Promise<Measured>;
}

export interface Measured {
  ms: number;
  /** Of it, until the first line could be read: Node's start and the loading of the code. */
  startMs: number;
  /** null where it was not asked for. */
  peakMb: number | null;
}

/** In the order in which they take turns: each of ours beside what it is compared with. */
export const WAYS = {
  one: { name: "diagnose", cores: 1, read: diagnosed(1) },
  goaccess: {
    name: "zcat | goaccess",
    cores: 1,
    read: piped(1, "goaccess - --no-progress -o json --log-format=$FORMAT --date-format=%Y-%m-%d --time-format=%T"),
  },
  two: { name: "diagnose", cores: 2, read: diagnosed(2) },
  gawk: { name: "zcat | gawk", cores: 2, read: piped(2, 'gawk "$COUNT"') },
} as const satisfies Record<string, Way>;

/** What the ways need besides this project, with the package that has it. */
export const TOOLS = { goaccess: "goaccess", gawk: "gawk", zcat: "gzip", taskset: "util-linux" } as const;

/** An ALB's fields as GoAccess names them; it counts each line, by everything that it knows. */
const FORMAT = '%^ %dT%t.%^ %v %h:%^ %^ %T %^ %^ %s %^ %^ %b "%r" "%u" %k %K %^';
/** Status, target and hour: the least that answers the question. */
const COUNT = '{n[$9" "$5" "substr($2,1,13)]++} END{for(k in n) print n[k], k}';

function diagnosed(cores: 1 | 2): Way["read"] {
  return async ({ signal }, files) => {
    const began = performance.now();
    const args = [process.execPath, "--import", "tsx", join(import.meta.dirname, "pass.ts"), ...files];
    const { stdout } = await runToEnd("taskset", ["-c", CORES[cores], ...args], { env: process.env, signal });
    const { ms: readMs, peakMb } = JSON.parse(stdout) as Pass;
    const ms = performance.now() - began;
    return { ms, startMs: ms - readMs, peakMb };
  };
}

function piped(cores: 1 | 2, reader: string): Way["read"] {
  return async ({ signal }, files) => {
    const began = performance.now();
    const shell = ["sh", "-c", `zcat "$@" | ${reader.replace("$FORMAT", '"$FORMAT"')} > /dev/null`, "sh", ...files];
    await runToEnd("taskset", ["-c", CORES[cores], ...shell], { env: { ...process.env, FORMAT, COUNT }, signal });
    return { ms: performance.now() - began, startMs: 0, peakMb: null };
  };
}

const CORES = { 1: "0", 2: "0,1" } as const;
