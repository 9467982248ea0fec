import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { portPair } from "../nothing-left.ts";
import { newTmp, type RunningCommand, startCommand } from "../start-command.ts";
import { act, type Scene } from "./act.ts";
import type { Deed, Fault } from "./fault.ts";
import { comes } from "./moments.ts";
import { startTarget } from "./targets/start.ts";

/** What was seen of a fault, for the oracle. */
export interface Seen {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  tookMs: number;
  /** How many of its deeds were done. */
  done: number;
  /** It had not ended after so long, and was killed. */
  hung: boolean;
  /** Processes and files that it left, in words. */
  left: readonly string[];
  /** The result in --out's folder; null where there is none. */
  kept: string | null;
}

/**
 * Lets it happen, for real, and leaves nothing itself.
 * @param signal ends it at once
 * @returns what was seen of the command, or of both
 */
export async function play(fault: Fault, signal: AbortSignal): Promise<Seen[]> {
  const undos: (() => unknown)[] = [];
  const t: Test = { signal, after: (undo?: unknown) => void undos.push(undo as () => unknown) };
  try {
    const target = fault.target && (await startTarget(fault.target.behaves));
    if (target) undos.push(() => target.stop());
    const place = await placeOf(fault);
    undos.push(() => rm(place.folder, { recursive: true, force: true }));
    const runs = Array.from({ length: fault.twice ? 2 : 1 }, () =>
      runOne(fault, { ...place, tmp: newTmp() }, { url: target?.url ?? null, pid: target?.pid ?? null }, t),
    );
    return await Promise.all(runs);
  } finally {
    for (const undo of undos.reverse()) await undo();
  }
}

/** What node:test's has, as far as it is needed here. */
type Test = Pick<TestContext, "after" | "signal">;

/** What is a fault's own: see OUT, TMP, LOG, CLOCK and PORT in its args. */
interface Place {
  folder: string;
  out: string;
  log: string;
  clock: string;
  port: number;
}

async function placeOf({ around, log: logs }: Fault): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), "chaos-"));
  const [out, log, clock] = ["out", "log", "clock"].map((name) => join(folder, name)) as [string, string, string];
  const place = { folder, out, log: log, clock, port: await portPair() };
  writeFileSync(place.clock, "+0");
  if (around?.outIsFile) writeFileSync(place.out, "somebody's own file\n");
  if (logs) mkdirSync(place.log);
  for (const [name, bytes] of Object.entries(logs?.files ?? {})) writeFileSync(join(place.log, name), bytes);
  return place;
}

async function runOne(
  fault: Fault,
  place: Place & { tmp: string },
  target: { url: string | null; pid: number | null },
  t: Test,
): Promise<Seen> {
  const words: Record<string, string> = {
    OUT: place.out,
    TMP: place.tmp,
    LOG: place.log,
    CLOCK: place.clock,
    PORT: `${place.port}`,
  };
  const filled = (text: string) => text.replaceAll(/\b(OUT|TMP|LOG|CLOCK|PORT)\b/g, (word) => words[word]!);
  const paths = fault.log ? (fault.log.paths ?? ["LOG"]) : [];
  const args = [target.url, ...paths, ...fault.args, "--json"].filter((arg) => arg !== null).map(filled);
  const env = Object.fromEntries(Object.entries(fault.around?.env ?? {}).map(([name, value]) => [name, filled(value)]));
  const wrap = (fault.around?.wrap ?? []).map(filled);
  const beganMs = performance.now();
  const running = await startCommand(t, fault.command, args, { env, wrap, tmp: place.tmp });
  const over = new AbortController();
  const { port, clock } = place;
  const scene = { command: running.pid, target: target.pid, port, clock, living: running.living, ended: over.signal };
  const doing = doAll(fault, running, scene);
  const signal = AbortSignal.any([t.signal, over.signal]);
  const tooLong = delay(fault.withinMs ?? WITHIN_MS, null, { signal }).catch(() => null);
  const ended = await Promise.race([running.ended, tooLong]);
  over.abort();
  const tookMs = performance.now() - beganMs;
  const wasKilled = ended?.signal === "SIGKILL";
  const left = await leftBy(running, wasKilled);
  if (wasKilled) left.push(...(await leftAfterDoctor(running.tmp, t)));
  if (ended === null) for (const { pid } of await running.living()) killHard(pid);
  const { code, signal: by, stdout, stderr } = ended ?? (await running.ended);
  const seen = { code, signal: by, stdout, stderr, tookMs, done: await doing, hung: ended === null };
  return { ...seen, left: [...left, ...leftIn(place, fault)], kept: keptIn(place.out) };
}

/** Longer than any command that is asked of here takes on a busy machine. */
const WITHIN_MS = 90_000;

async function doAll({ deeds = [], command }: Fault, running: RunningCommand, scene: Scene): Promise<number> {
  let done = 0;
  for (const deed of deeds) if (await doOne(deed, command, running, scene)) done += 1;
  return done;
}

async function doOne(
  { when, afterMs, what }: Deed,
  command: Fault["command"],
  running: RunningCommand,
  scene: Scene,
): Promise<boolean> {
  const came = await Promise.race([
    comes(when, command, running).then(
      () => true,
      () => false,
    ),
    running.exited.then(() => false),
  ]);
  if (!came) return false;
  await delay(afterMs, undefined, { signal: scene.ended }).catch(() => {});
  return scene.ended.aborted ? false : act(what, scene);
}

/** Processes, and files in TMPDIR. What was killed gets 5 s for its guards, and its folder is doctor's to remove. */
async function leftBy(running: RunningCommand, wasKilled: boolean): Promise<string[]> {
  let living = await running.living();
  for (const endMs = performance.now() + 5000; wasKilled && living.length > 0 && performance.now() < endMs; ) {
    await delay(20);
    living = await running.living();
  }
  const files = wasKilled ? [] : await running.leftovers();
  return [
    ...living.map(({ pid, command }) => `process ${pid}: ${command.slice(0, 120)}`),
    ...files.map((file) => `in TMPDIR: ${file}`),
  ];
}

async function leftAfterDoctor(tmp: string, t: Test): Promise<string[]> {
  const doctor = await startCommand(t, "doctor", ["--json"], { env: { TMPDIR: tmp } });
  await doctor.ended;
  return readdirSync(tmp).map((file) => `in TMPDIR, after doctor: ${file}`);
}

/** Half-made files beside the result, and a user's own file that is gone. */
function leftIn({ out }: Place, { around }: Fault): string[] {
  if (around?.outIsFile) return existsSync(out) ? [] : ["the file where --out was to be is gone"];
  const names = existsSync(out) ? readdirSync(out) : [];
  return names.filter((name) => /^\.alb502-\w{6}$|\.(tmp|new|partial)$/.test(name)).map((name) => `in --out: ${name}`);
}

function keptIn(out: string): string | null {
  for (const name of ["result.json", "diagnosis.json"]) {
    if (existsSync(join(out, name))) return readFileSync(join(out, name), "utf8");
  }
  return null;
}

function killHard(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended meanwhile.
  }
}
