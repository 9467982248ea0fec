import { UsageError } from "../run/exit.ts";
import { quoted } from "./values.ts";

export const OK_STATUS_OPTION = { "ok-status": { type: "string" } } as const;

/** "200", or "2xx,404". @throws UsageError */
export function parseOkStatus(text: string): string[] {
  const statuses = text.split(",").map((one) => one.trim().toLowerCase());
  if (statuses.every((one) => /^[1-5](\d\d|xx)$/.test(one))) return statuses;
  throw new UsageError(
    `--ok-status is ${quoted(text)}, expected statuses or classes of them; e.g. --ok-status 200,3xx`,
  );
}
