import { join } from "node:path";
import type { Result } from "../record/result.ts";
import { capitalised, findingOf } from "./sentence.ts";

/** The verdict and its sentence: "LOST. Node closes ..."; only "Inconclusive" is not in capitals. */
export const headlineOf = (result: Result): string =>
  `${result.verdict === "inconclusive" ? "Inconclusive" : result.verdict.toUpperCase()}. ${capitalised(findingOf(result))}`;

/** The advice as lines for a terminal: what to set, what to paste, where it is documented. */
export const adviceText = ({ headline, lines, instead = [], source }: NonNullable<Result["advice"]>): string =>
  [headline, ...indented(lines), `  (${source})`, ...(instead.length > 0 ? ["", ...indented(instead)] : [])].join("\n");

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);

/** Where the files are, or how to get them. */
export const keptLine = (out: string | null): string =>
  out === null
    ? "Add --out DIR to keep report.html, result.json and the logs."
    : `Kept in ${out}; ${join(out, "report.html")} opens in a browser`;
