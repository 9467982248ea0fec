import { type LbProfile, loadProfile, profileNames } from "../../src/advice/profile.ts";

/** The table of docs/profiles.md, from the data. */
export function profileTable(): string {
  const head =
    "| name | what | idle timeout | can be set to | repeats a lost GET? | source |\n|---|---|---|---|---|---|\n";
  return head + profileNames().map(loadProfile).map(row).join("");
}

function row({ name, title, idleTimeoutMs, range, repeatsLost, idleTimeoutSource }: LbProfile): string {
  const cells = [
    `\`${name}\``,
    title,
    `${idleTimeoutMs / 1000} s`,
    settable(range),
    REPEATS[repeatsLost],
    idleTimeoutSource,
  ];
  return `| ${cells.join(" | ")} |\n`;
}

const REPEATS = { no: "no", idempotent: "yes, a POST not", unknown: "not known" };

function settable(range: LbProfile["range"]): string {
  if (range === null) return "fixed";
  if (range.maxMs === null) return "any";
  return `${range.minMs / 1000} to ${range.maxMs.toLocaleString("en").replace(/,000$/, "")} s`;
}
