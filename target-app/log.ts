import type { Writable } from "node:stream";
import type { Asked } from "./settings.ts";
import type { Will } from "./timeouts.ts";

/** `at` is epoch milliseconds with a fraction. Header values other than X-Request-Id and query strings stay out. */
export type LogLine =
  | { event: "listening"; port: number; host: string; node: string; asked: Asked; will: Will; notes: string[] }
  | RequestLine
  | { event: "close"; at: number; connection: number; served: number; remotePort: number | null };

/** One answered request. `at`: when its head arrived. `status` null: the connection ended before the answer was sent. */
export type RequestLine = {
  event: "request";
  at: number;
  id: string | null;
  connection: number;
  served: number;
  remotePort: number | null;
  method: string;
  path: string;
  status: number | null;
};

export type Log = (line: LogLine) => void;

/**
 * One JSON line per event on `out`. When `out` fails (its reader went away, the disk is full) the target goes on
 * serving, says so once on `err`, and drops the lines from then on.
 */
export function createLog(out: Writable, err: Writable): Log {
  let open = true;
  out.on("error", (error) => {
    if (open) err.write(`standard output failed (${error.message}): serving on, without log lines\n`);
    open = false;
  });
  // Standard error may have gone with standard output; then there is nobody left to tell.
  err.on("error", () => {});
  return (line) => {
    if (open) out.write(`${JSON.stringify(line)}\n`);
  };
}

export function epochMs(): number {
  return performance.timeOrigin + performance.now();
}
