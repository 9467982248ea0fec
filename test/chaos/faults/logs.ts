import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { lineOf } from "../../alb-log/samples.ts";
import type { Family, Fault, Log, Outcome, Surroundings, Truth } from "../fault.ts";
import { rightFor } from "../oracle.ts";
import type { Random } from "../random.ts";

/** Logs as they are when something has gone wrong on their way. */
export const logs: Family = {
  name: "logs",
  what: "missing, cut-off, damaged and hostile logs, at diagnose",
  faults(random) {
    const good = Buffer.from(`${linesOf({ races: 0 }).join("\n")}\n`);
    const racy = Buffer.from(`${linesOf({ races: 8 }).join("\n")}\n`);
    const errors = Buffer.from(`${linesOf({ races: 40, requests: 40 }).join("\n")}\n`);
    const diagnose = (what: string, truth: Truth, files: Log["files"], more: Partial<Log> = {}): Fault => ({
      name: `diagnose of ${what}`,
      command: "diagnose",
      target: null,
      args: [],
      log: { what, truth, files, ...more },
      allowed: [
        ...rightFor("diagnose", truth),
        "inconclusive",
        ...((truth === "unknowable" ? ["refused"] : []) as Outcome[]),
      ],
    });
    const around = (fault: Fault, surroundings: Surroundings, words: string, more: readonly Outcome[]): Fault => ({
      ...fault,
      name: `${fault.name}, ${words}`,
      around: surroundings,
      allowed: [...fault.allowed, ...more],
    });
    const damaged = ([name, damage]: (typeof DAMAGES)[number]): Fault[] => [
      diagnose(`a log with races, ${name}`, "loses", { "a.log": damage(racy, random) }),
      diagnose(`a clean log, ${name}`, "keeps", { "a.log": damage(good, random) }),
    ];
    const stdin = (fault: Fault, file: string) =>
      around(
        { ...fault, log: { ...fault.log!, paths: ["-"] } },
        { wrap: ["sh", "-c", `exec "$@" <LOG/${file}`, "sh"] },
        "by standard input",
        [],
      );
    return [
      ...[
        diagnose("a log with races", "loses", { "a.log": racy }),
        diagnose("a clean log", "keeps", { "a.log": good }),
      ].map((fault): Fault => ({ ...fault, allowed: rightFor("diagnose", fault.log!.truth) })),
      ...DAMAGES.flatMap(damaged),
      diagnose("a clean log and one with races", "loses", { "a.log": good, "b.log.gz": gzipSync(racy) }),
      diagnose("a log of errors only", "loses", { "a.log": errors }),
      diagnose("a log with races and a file that is none", "loses", { "a.log": racy, "b.log": noise(random, 50_000) }),
      diagnose("an empty log", "unknowable", { "a.log": Buffer.alloc(0) }),
      diagnose("a folder with nothing in it", "unknowable", {}),
      diagnose("a file that is not there", "unknowable", {}, { paths: ["LOG/missing.log"] }),
      diagnose("noise", "unknowable", { "a.log": noise(random, 200_000) }),
      diagnose("noise that says it is gzipped", "unknowable", {
        "a.log.gz": Buffer.concat([Buffer.from([31, 139, 8]), noise(random, 9000)]),
      }),
      diagnose("a line of 3 MB", "unknowable", { "a.log": Buffer.from(`${"://;".repeat(750_000)}\n`) }),
      diagnose("/dev/zero", "unknowable", {}, { paths: ["/dev/zero"] }),
      stdin(diagnose("a log with races", "loses", { "a.log": racy }), "a.log"),
      stdin(diagnose("a cut-off gzip with races", "loses", { "a.gz": cutOff(gzipSync(racy), random) }), "a.gz"),
      around(
        diagnose("a log with races", "loses", { "a.log": racy }),
        { wrap: ["sh", "-c", 'exec "$@" >/dev/full', "sh"], mute: true },
        "to a full disk",
        ["refused"],
      ),
      around(
        diagnose("a log with races", "loses", { "a.log": racy }),
        { wrap: ["sh", "-c", 'exec "$@" >&-', "sh"], mute: true },
        "with standard output closed",
        ["refused"],
      ),
      around(
        diagnose("a log with races", "loses", { "a.log": racy }),
        { wrap: ["prlimit", "--nofile=22"] },
        "with 22 file descriptors",
        ["refused"],
      ),
    ];
  },
};

type Damage = (log: Buffer, random: Random) => Buffer;

const DAMAGES: readonly [name: string, damage: Damage][] = [
  ["cut off in a line", (log, random) => cutOff(log, random)],
  ["gzipped and cut off", (log, random) => cutOff(gzipSync(log), random)],
  ["gzipped, with noise after it", (log, random) => Buffer.concat([gzipSync(log), noise(random, 300)])],
  ["in two gzip members", (log) => Buffer.concat([gzipSync(log.subarray(0, 9001)), gzipSync(log.subarray(9001))])],
  ["with a bad byte in each tenth line", (log, random) => eachTenth(log, (line) => replacedAt(line, random))],
  [
    "each tenth line cut off",
    (log, random) => eachTenth(log, (line) => line.slice(0, random.between(40, line.length - 40))),
  ],
  ["with hostile lines", (log) => eachTenth(log, (line) => `${line}\n${HOSTILE}`)],
  ["with Windows line ends", (log) => Buffer.from(`${log}`.replaceAll("\n", "\r\n"))],
  ["with a byte order mark", (log) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), log])],
  ["as UTF-16", (log) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(`${log}`, "utf16le")])],
  ["with NUL bytes", (log) => eachTenth(log, (line) => `${line}\n${"\0".repeat(200)}`)],
];

const HOSTILE = [
  "::error::no",
  "\x1b[2J\x1b]0;title\x07 502 -",
  "=cmd|'/c calc'!A0 502 -",
  "<script>alert(1)</script>",
].join("\n");

/** Some of it is left: at least a third. */
const cutOff: Damage = (log, random) => log.subarray(0, random.between(Math.ceil(log.length / 3), log.length - 100));

/** Noise without a line of the log in it. */
const noise = (random: Random, bytes: number): Buffer =>
  createHash("shake256", { outputLength: bytes })
    .update(`${random.between(0, 2 ** 31)}`)
    .digest()
    .map((byte) => byte | 0x80) as Buffer;

const eachTenth = (log: Buffer, change: (line: string) => string): Buffer =>
  Buffer.from(
    `${log}`
      .split("\n")
      .map((line, index) => (index % 10 === 3 && line !== "" ? change(line) : line))
      .join("\n"),
    "latin1",
  );

function replacedAt(line: string, random: Random): string {
  const at = random.between(0, line.length - 1);
  return `${line.slice(0, at)}\xff${line.slice(at + 1)}`;
}

/** An hour of traffic; the lost requests are spread over it, and lie where nothing cuts them. */
function linesOf({ races, requests = 2000 }: { races: number; requests?: number }): string[] {
  const every = Math.floor(requests / Math.max(1, races));
  return Array.from({ length: requests }, (_, index) => {
    const time = new Date(Date.parse("2026-11-20T10:00:00Z") + (index * 3_600_000) / requests).toISOString();
    const target = `10.0.0.${(index % 3) + 1}:3000`;
    const fields = { time: time.replace("Z", "000Z"), target, path: `/orders/${index}` };
    const lost = races > 0 && index % every === 5 % every;
    return lineOf(lost ? fields : { ...fields, times: "0.000 0.020 0.000", status: "200", targetStatus: "200" });
  });
}
