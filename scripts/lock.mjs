import { mkdirSync, readFileSync, readlinkSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Runs `body` while no other process on this machine runs its own under the same lock.
 * The lock is a folder, since only one mkdir wins; the file `owner` in it names who made it, so that
 * neither another process that got the same pid later nor one in another container is taken for it (src/run/owner.ts has
 * the same, for what is installed by then). A dead owner's lock is taken over.
 * @template T
 * @param {string} folder
 * @param {{ signal: string | null }} interrupt ends the wait
 * @param {(line: string) => void} say
 * @param {() => Promise<T>} body
 * @returns {Promise<T | number>} what the body returned; 130 when interrupted, 2 when the lock could not be taken
 */
export async function withLock(folder, interrupt, say, body) {
  const giveUpMs = performance.now() + GIVE_UP_MS;
  let told = false;
  while (!acquire(folder)) {
    if (interrupt.signal) return 130;
    if (performance.now() > giveUpMs) {
      say(`another set-up has held ${folder} for ${GIVE_UP_MS / 60_000} min: if none is running, remove that folder`);
      return 2;
    }
    if (!told)
      say(`another set-up of this clone is running (pid ${owner(folder)?.pid ?? "not known yet"}): waiting for it`);
    told = true;
    await sleep(200);
  }
  try {
    return await body();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const GIVE_UP_MS = 10 * 60_000;
/** A folder without `owner` is one being made or removed; one this old was left by a process that died just then. */
const HALF_MADE_MS = 10_000;

function acquire(folder) {
  if (makeFolder(folder)) {
    writeFileSync(join(folder, "owner"), JSON.stringify(thisProcess()));
    return true;
  }
  const found = owner(folder);
  if (found === null ? !isOld(folder) : !hasEnded(found)) return false;
  return takeOver(folder, found);
}

/**
 * The folder is never removed here, or a slow process could remove the new owner's. Of those that saw the same dead
 * owner, one makes the folder `after-...`, and owns the lock if the dead owner is still in it by then.
 */
function takeOver(folder, dead) {
  const claim = join(folder, `after-${dead === null ? "nobody" : `${dead.pid}-${dead.started}`}`);
  if (!makeFolder(claim)) return false;
  try {
    if (JSON.stringify(owner(folder)) !== JSON.stringify(dead)) return false;
    const mine = join(claim, "owner");
    writeFileSync(mine, JSON.stringify(thisProcess()));
    renameSync(mine, join(folder, "owner"));
    return true;
  } finally {
    rmdirSync(claim);
  }
}

/** False when it is there already. */
function makeFolder(path) {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if (error.code === "EEXIST" || error.code === "ENOENT") return false; // ENOENT: a claim in a lock just released
    throw error;
  }
}

/** Who holds the lock; null while that is not written down. */
function owner(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, "owner"), "utf8"));
  } catch {
    return null;
  }
}

function isOld(folder) {
  try {
    return Date.now() - statSync(folder).mtimeMs > HALF_MADE_MS;
  } catch {
    return false; // it has ended meanwhile
  }
}

function thisProcess() {
  return {
    host: hostname(),
    boot: read(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()),
    pids: read(() => readlinkSync("/proc/self/ns/pid")),
    pid: process.pid,
    started: startOf(process.pid) ?? "",
  };
}

/** Certainly: another machine's or container's owner cannot be judged from here, and is waited for. */
function hasEnded(other) {
  const { host, boot, pids } = thisProcess();
  if (other.boot !== boot) return other.host === host; // of an earlier boot
  if (other.pids !== pids) return false;
  if (!isAlive(other.pid)) return true;
  const started = startOf(other.pid);
  return started !== null && other.started !== "" && started !== other.started;
}

/** Field 22 of proc_pid_stat(5), which no later process with that pid has; null where the system does not tell. */
function startOf(pid) {
  const stat = read(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  return stat === "" ? null : stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
}

function read(get) {
  try {
    return get();
  } catch {
    return ""; // macOS has no /proc
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM"; // it is running, under another user
  }
}
