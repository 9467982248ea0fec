import type { WriteStream } from "node:fs";
import { logFile } from "../../report/keep-logs.ts";
import { openLog } from "../../run/out-folder.ts";

/** The LB's log, kept as it comes: a load test may run for hours. */
export interface LbLog {
  line(text: string): void;
  /** From here on it is written, with the lines that came before. @throws as openLog() */
  open(): void;
  close(): void;
}

/** @param out null = it is not kept */
export function createLbLog(out: string | null, onError: (message: string) => void): LbLog {
  let file: WriteStream | null = null;
  const early: string[] = [];
  return {
    line(text) {
      if (file !== null) file.write(`${text}\n`);
      else if (out !== null) early.push(`${text}\n`);
    },
    open() {
      if (out === null) return;
      file = openLog(out, logFile("up", "haproxy"));
      file.on("error", ({ message }) => onError(message));
      file.write(early.splice(0).join(""));
    },
    close: () => void file?.end(),
  };
}
