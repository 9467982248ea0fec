// Plain JavaScript on Node's own modules: it runs before anything is installed.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { withLock } from "./lock.mjs";

/**
 * Brings node_modules in line with package-lock.json, by `npm ci` where needed; announced on standard error.
 * Concurrent runs in one clone wait for each other.
 * @param {string} root the folder with package.json
 * @returns {Promise<number | null>} null when the packages are there; else the exit code, the reason already printed
 */
export async function installPackages(root) {
  if (isInstalled(root)) return null;
  const interrupt = listenForInterrupts();
  const say = (/** @type {string} */ line) => console.error(`alb502: ${line}`);
  try {
    return await withLock(join(root, ".setup-lock"), interrupt, say, async () =>
      isInstalled(root) ? null : await npmCi(root, interrupt, say),
    );
  } catch (error) {
    if (!error.syscall) throw error;
    say(`node_modules cannot be set up in ${root}: ${error.message}`);
    return 2;
  } finally {
    interrupt.release();
  }
}

/**
 * Whether node_modules holds what package-lock.json names for this platform. npm records what it installed
 * in node_modules/.package-lock.json, written last: after an interrupted `npm ci` it is missing.
 */
function isInstalled(root) {
  const wanted = readPackages(join(root, "package-lock.json"));
  const present = readPackages(join(root, "node_modules/.package-lock.json"));
  if (present === null) return false;
  if (wanted === null) return true; // npm ci would fail without it; what is there may be enough
  return Object.entries(wanted).every(
    ([path, entry]) => path === "" || !isForHere(entry) || present[path]?.integrity === entry.integrity,
  );
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages ?? null;
  } catch {
    return null;
  }
}

// esbuild, Biome, TypeScript and swc bring their binaries as optional packages, one per platform. Which C library an entry
// is for (`libc`) cannot be read from Node in one line, so such entries are left to npm.
function isForHere({ optional, os, cpu, libc }) {
  if (!optional) return true;
  return Boolean(os?.includes(process.platform) && (cpu?.includes(process.arch) ?? true) && !libc);
}

function npmCi(root, interrupt, say) {
  say("installing the npm packages of package-lock.json into node_modules: npm ci (5-30 s, once)");
  // --include=dev, all that a clone runs being one: NODE_ENV=production leaves them out.
  // --ignore-scripts: no package needs an install script, so none may run code here.
  const child = spawn("npm", ["ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  interrupt.onSignal = () => child.kill("SIGTERM");
  return new Promise((resolve) => {
    let failure = null;
    child.once("error", (error) => {
      failure = `npm cannot be run: ${error.message}; it comes with Node: install Node with npm, or put npm on PATH`;
    });
    child.once("close", (code, signal) => {
      if (interrupt.signal) return resolve(130);
      if (code === 0) return resolve(null);
      say(failure ?? `npm ci ended with ${code ?? signal}:${reason(output)}`);
      resolve(2);
    });
  });
}

/** npm's first error lines; its last lines are only its usage and the path of a log. */
function reason(output) {
  const lines = output.split("\n").filter((line) => /\S/.test(line.replace(/^npm (error|ERR!)/, "")));
  const errors = lines.filter((line) => /^npm (error|ERR!)/.test(line) && !/^\S+ \S+\s+at /.test(line));
  const told = errors.length > 0 ? errors.slice(0, QUOTED_LINES) : lines.slice(-QUOTED_LINES);
  return told.map((line) => `\n  ${line}`).join("");
}

const QUOTED_LINES = 8;

/** Holds back Ctrl-C, SIGTERM and SIGHUP, so that npm is stopped and the lock released before this process ends. */
function listenForInterrupts() {
  const names = ["SIGINT", "SIGTERM", "SIGHUP"];
  const interrupt = { signal: null, onSignal: null, release };
  for (const name of names) process.on(name, listen);
  return interrupt;

  function listen(name) {
    interrupt.signal = name;
    interrupt.onSignal?.();
  }
  function release() {
    for (const name of names) process.off(name, listen);
  }
}
