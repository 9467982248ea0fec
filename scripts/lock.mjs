import { mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Runs `body` while no other process on this machine runs its own under the same lock.
 * The lock is a folder, since only one mkdir wins; the file `pid` in it names its owner. A dead owner's lock is taken over.
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
    if (!told) say(`another set-up of this clone is running (pid ${owner(folder)}): waiting for it`);
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
/** A folder without `pid` is one being made or removed; one this old was left by a process that died just then. */
const HALF_MADE_MS = 10_000;

function acquire(folder) {
  if (makeFolder(folder)) {
    writeFileSync(join(folder, "pid"), `${process.pid}`);
    return true;
  }
  const pid = owner(folder);
  if (pid === null ? !isOld(folder) : isAlive(pid)) return false;
  return takeOver(folder, pid);
}

/**
 * The folder is never removed here, or a slow process could remove the new owner's. Of those that saw the same dead
 * owner, one makes the folder `after-PID`, and owns the lock if the dead owner is still in it by then.
 */
function takeOver(folder, deadPid) {
  const claim = join(folder, `after-${deadPid}`);
  if (!makeFolder(claim)) return false;
  try {
    if (owner(folder) !== deadPid) return false;
    const mine = join(claim, "pid");
    writeFileSync(mine, `${process.pid}`);
    renameSync(mine, join(folder, "pid"));
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

function owner(folder) {
  try {
    return Number(readFileSync(join(folder, "pid"), "utf8")) || null;
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

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM"; // it is running, under another user
  }
}
