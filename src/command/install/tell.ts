import type { OutputOptions } from "../../cli/output-options.ts";
import { ORIGIN_WORDS } from "../../parts/part.ts";
import type { Progress } from "../../run/progress.ts";
import type { InstalledPart, InstallReport } from "./result.ts";

/** The report for people; it says nothing that is not in install.json, so that --json stays the only output. */
export function tellInstall(progress: Progress, { parts, cache }: InstallReport, { json, out }: OutputOptions): void {
  if (json) return;
  progress.line(parts.map(lineOf).join("\n"));
  progress.line(`to keep between a CI's runs: ${cache}`);
  if (out !== null) progress.line(`install.json is in ${out}`);
}

const lineOf = ({ name, version, path, origin, missing }: InstalledPart): string =>
  missing !== null
    ? `${name.padEnd(10)}MISSING: ${missing}`
    : `${name.padEnd(10)}${version!.padEnd(9)}${ORIGIN_WORDS[origin!].padEnd(23)}${path}`;
