import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { parseWholeNumber } from "../src/cli/values.ts";
import { InconclusiveError } from "../src/run/exit.ts";
import { ROOT } from "../src/run/root.ts";
import type { Run } from "../src/run/run.ts";
import { spreadOf } from "./figures.ts";
import { installPackage } from "./package/installed.ts";
import { medianRatio, type Ratio } from "./package/ratio.ts";
import { bench, type Finding } from "./program.ts";

/** How long until the first line is there, by the ways to start a command, in turns; Node's own start is the measure. */
export const packageBench = bench({
  name: "package",
  question: "how long does a command take to start from the package and from a clone, and how large is the package?",
  optionsHelp: "  --repeats N      of each way (default 15)",
  options: { repeats: { type: "string", default: "15" } },
  async measure(run, values) {
    const repeats = parseWholeNumber("--repeats", values.repeats, { min: 5, max: 200 });
    const installed = await installPackage(run.folder, run.signal);
    const port = await startApp(run);
    const node = process.execPath;
    const clone = join(ROOT, "scripts/run.mjs");
    const ways: Way[] = [
      { what: NOTHING, by: "", command: [node, "-e", "console.log()"], cwd: ROOT },
      ...["--help", `probe ${port}`].flatMap((args): Way[] => {
        const what = args.split(" ")[0]!;
        const words = args.split(" ");
        return [
          { what, by: "package", command: [node, installed.program, ...words], cwd: installed.project },
          { what, by: "package, npx", command: ["npx", "--offline", "alb502", ...words], cwd: installed.project },
          { what, by: "clone", command: [node, clone, ...words], cwd: ROOT },
          ...(what === "--help"
            ? []
            : [
                { what, by: "clone, npm run", command: ["npm", "run", "--silent", ...npmRun(words)], cwd: ROOT } as Way,
              ]),
        ];
      }),
    ];
    const times = ways.map((): number[] => []);
    for (let repeat = -1; repeat < repeats; repeat++) {
      for (const [i, way] of ways.entries()) {
        const ms = await untilFirstLine(way, run);
        if (repeat >= 0) times[i]!.push(ms); // the first of each fills the system's cache of files
      }
      run.progress.transient(`${repeat + 1} of ${repeats}`);
    }
    run.progress.transient("");
    return sumUp(ways, times, installed);
  },
});

const NOTHING = "node -e 'console.log()'";

interface Way {
  what: string;
  by: string;
  command: [string, ...string[]];
  cwd: string;
}

const npmRun = ([name, ...args]: string[]): string[] => [name!, "--", ...args];

/** ms from the start of the process to its first line. @throws InconclusiveError where it prints none */
async function untilFirstLine({ command: [program, ...args], cwd }: Way, { signal }: Run): Promise<number> {
  const beganMs = performance.now();
  const child = spawn(program, args, { cwd, signal, stdio: ["ignore", "pipe", "ignore"], detached: true });
  const ended = once(child, "close").then(() => {
    throw new InconclusiveError(`${program} ${args.join(" ")} ended without a line`);
  });
  ended.catch(() => {});
  await Promise.race([once(child.stdout, "data"), ended]);
  const ms = performance.now() - beganMs;
  // What comes after its first line is not asked about; npm's children are in its group.
  if (child.exitCode === null) process.kill(-child.pid!, "SIGTERM");
  await ended.catch(() => {});
  return ms;
}

/** An app that nobody closes a connection of, so that a probe has only just begun when it is ended. */
async function startApp(run: Run): Promise<number> {
  const server = createServer({ keepAliveTimeout: 65_000 }, (_, response) => void response.end("ok\n"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  run.defer(async () => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function sumUp(
  ways: readonly Way[],
  times: readonly number[][],
  { tarballBytes, unpackedBytes }: { tarballBytes: number; unpackedBytes: number },
): Finding {
  const rows = ways.map(({ what, by }, i) => ({
    what,
    by,
    ms: spreadOf(times[i]!),
    toNode: medianRatio(times[i]!, times[0]!),
  }));
  const ratioOf = (what: string, by: string) => rows.find((row) => row.what === what && row.by === by)!.toNode;
  const help = ratioOf("--help", "package");
  return {
    tables: [
      [
        ["command", "from", "ms: median", "min", "max", "times Node's own start (95 %)"],
        ...rows.map(({ what, by, ms, toNode }) => [
          ...[what, by],
          ...[ms.median, ms.min, ms.max].map((one) => one.toFixed(0)),
          ratioText(toNode),
        ]),
      ],
      [
        ["package", "kB"],
        ["tarball", (tarballBytes / 1000).toFixed(0)],
        ["unpacked", (unpackedBytes / 1000).toFixed(0)],
      ],
    ],
    says: [
      "Until the first line is printed. All ways take turns, so that a busy machine slows all of them.",
      `Promised: alb502 --help takes at most ${PROMISED} times Node's own start, with 95 % confidence: 150 ms where that takes 50.`,
    ],
    held: help.high <= PROMISED,
    data: { rows, tarballBytes, unpackedBytes, promisedRatio: PROMISED },
  };
}

const PROMISED = 3;

const ratioText = ({ median, low, high }: Ratio): string =>
  `${median.toFixed(2)} (${low.toFixed(2)}-${high.toFixed(2)})`;
