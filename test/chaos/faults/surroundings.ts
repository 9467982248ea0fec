import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import type { Family, Fault, Outcome, Surroundings } from "../fault.ts";
import { rightFor, truthOf } from "../oracle.ts";
import { checkOf, demoOf, FIXED, type Ordinary, probeOf, unfixed, upOf } from "./runs.ts";

/** What a machine may lack while a command runs on it. */
export const surroundings: Family = {
  name: "surroundings",
  what: "full disks, no file descriptors, clocks that are set, output that nobody reads",
  faults(random) {
    const inside = (
      run: Ordinary,
      around: Surroundings,
      words: string,
      more: readonly Outcome[] = ["refused"],
    ): Fault => ({
      ...run,
      name: `${run.command} of ${run.target?.what ?? "its own"}: ${words}`,
      around,
      allowed: [...rightFor(run.command, truthOf({ ...run, name: "", allowed: [] })), "inconclusive", ...more],
    });
    const fewFiles = (run: Ordinary, count: number) =>
      inside(run, { wrap: ["prlimit", `--nofile=${count}`], lacking: noLimits() }, `${count} file descriptors`);
    const smallFiles = (run: Ordinary, bytes: number) =>
      inside(run, { wrap: ["prlimit", `--fsize=${bytes}`], lacking: noLimits() }, `no file above ${bytes} bytes`);
    const smallDisk = (run: Ordinary, folder: "OUT" | "TMP", kb: number) =>
      inside(
        run,
        { wrap: withSmallDisk(folder, kb), lacking: noMounts() },
        `a disk of ${kb} KB for ${folder === "OUT" ? "--out" : "TMPDIR"}`,
      );
    const readOnly = (run: Ordinary, folder: "OUT" | "TMP") =>
      inside(
        run,
        { wrap: readOnlyAt(folder), lacking: noMounts() },
        `${folder === "OUT" ? "--out" : "TMPDIR"} may not be written to`,
      );
    const clock = (run: Ordinary, by: string): Fault => ({
      ...inside(run, { env: CLOCK, lacking: noFaketime() }, `the clock is set by ${by} s`, []),
      deeds: [
        { when: random.pick(["warm-up", "idle"]), afterMs: random.between(0, 600), what: { do: "set clock", by } },
      ],
    });
    const output = (run: Ordinary, script: string, words: string) =>
      inside(run, { wrap: ["sh", "-c", script, "sh"], mute: true, lacking: noFullDisk }, words);

    const upToNobody: Fault = {
      ...output(upOf(FIXED), 'exec "$@" >/dev/full', "standard output is a full disk"),
      deeds: [{ when: "up", afterMs: 200, what: { do: "signal", signal: "SIGINT", to: "the command" } }],
    };
    const early = () => checkOf(unfixed(random));
    const kept = (run: Ordinary): Ordinary => ({ ...run, args: [...run.args, "--out", "OUT"] });
    return [
      ...[22, 24, 50, 75, 85, 100, 120].map((count) => fewFiles(early(), count + random.between(0, 9))),
      ...[80, 95, 110].map((count) => fewFiles(checkOf(FIXED), count)),
      ...[23, 82, 90].map((count) => fewFiles(probeOf(unfixed(random)), count)),
      fewFiles(probeOf(FIXED), 86),
      fewFiles(demoOf(), random.between(80, 140)),
      smallFiles(early(), 1000),
      smallFiles(kept(early()), random.between(20_000, 900_000)),
      smallFiles(kept(probeOf(unfixed(random))), 5000),
      ...[16, 200, 2000].map((kb) => smallDisk(early(), "TMP", kb)),
      smallDisk(demoOf(), "TMP", random.between(100, 3000)),
      ...[16, 820, 900].map((kb) => smallDisk(kept(early()), "OUT", kb)),
      smallDisk(kept(probeOf(FIXED)), "OUT", 700),
      readOnly(kept(early()), "OUT"),
      readOnly(kept(probeOf(unfixed(random))), "OUT"),
      readOnly(checkOf(FIXED), "TMP"),
      inside(early(), { env: { TMPDIR: "/nowhere/at/all" } }, "a TMPDIR that is not there"),
      inside(kept(early()), { outIsFile: true }, "--out is a file", []),
      inside(kept(probeOf(FIXED)), { outIsFile: true }, "--out is a file", []),
      ...["+3600", "-3600", "+0.4"].map((by) => clock(early(), by)),
      ...["+3600", "-3600"].map((by) => clock(checkOf(FIXED), by)),
      ...["+3600", "-3600"].map((by) => clock(probeOf(random.pick([FIXED, unfixed(random)])), by)),
      ...[early(), checkOf(FIXED), probeOf(FIXED), demoOf()].map((run) =>
        output(run, 'exec "$@" >/dev/full', "standard output is a full disk"),
      ),
      ...[early(), checkOf(FIXED), probeOf(unfixed(random))].map((run) =>
        output(run, 'exec "$@" >&-', "standard output is closed"),
      ),
      output(early(), 'exec "$@" 2>&-', "standard error is closed"),
      output(checkOf(FIXED), 'exec "$@" 2>/dev/full', "standard error is a full disk"),
      output(probeOf(FIXED), 'exec "$@" >&- 2>&- <&-', "it has no standard streams"),
      upToNobody,
    ].map(withoutWrongFile);
  },
};

/** There a refusal is the one right end. */
const withoutWrongFile = (fault: Fault): Fault =>
  fault.around?.outIsFile ? { ...fault, allowed: ["refused"] } : fault;

const noFullDisk = existsSync("/dev/full") ? null : "this system has no /dev/full";

const noLimits = once(() => (spawnSync("prlimit", ["--version"]).status === 0 ? null : "this system has no prlimit"));

/** What is left there is listed at the end, as nobody outside sees it. */
function withSmallDisk(folder: string, kb: number): string[] {
  return inMounts(
    `mkdir -p ${folder} && mount -t tmpfs -o size=${kb}k none ${folder} && { "$@"; code=$?; ls -A ${folder} | grep '^[.]*alb502-' | sed 's/^/left: /' >&2; exit $code; }`,
  );
}

/** Root may write anywhere but there. */
const readOnlyAt = (folder: string): string[] =>
  inMounts(`mkdir -p ${folder} && mount -t tmpfs -o ro none ${folder} && exec "$@"`);

function inMounts(script: string): string[] {
  const asRoot = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
  return ["unshare", "--mount", ...asRoot, "sh", "-c", script, "sh"];
}

const noMounts = once(() => {
  const [command, ...args] = inMounts("mount -t tmpfs none /mnt") as [string, ...string[]];
  return spawnSync(command, args).status === 0 ? null : "this user may not mount";
});

/** Asks when it is asked for the first time. */
function once(ask: () => string | null): () => string | null {
  let answer: { is: string | null } | undefined;
  return () => {
    answer ??= { is: ask() };
    return answer.is;
  };
}

const FAKETIME = [
  "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
  "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1",
].find((file) => existsSync(file));

const noFaketime = (): string | null => (FAKETIME ? null : "this system has no libfaketime");

/**
 * The time of day that Node and HAProxy read; Go's programs ask the kernel, so k6's stays. The monotonic clock goes on as
 * it does, as it would if somebody set the time.
 */
const CLOCK = {
  LD_PRELOAD: FAKETIME ?? "",
  FAKETIME_TIMESTAMP_FILE: "CLOCK",
  FAKETIME_NO_CACHE: "1",
  FAKETIME_DONT_FAKE_MONOTONIC: "1",
};
