import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** An environment in which SIGUSR2 makes a command fail. */
export const FAILS_ON_SIGUSR2 = {
  NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, "fail-on-signal.mjs"))}`,
};

/** What `startCommand` takes to run a command whose standard output is a disk that is full. */
export const TO_A_FULL_DISK = ["sh", "-c", 'exec "$@" >/dev/full', "sh"];

/** For node:test's `skip`. */
export const noFullDisk = !existsSync("/dev/full") && "this system has no /dev/full";
