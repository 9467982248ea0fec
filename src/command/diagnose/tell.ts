import { KINDS } from "../../diagnose/cause.ts";
import { failuresOf } from "../../diagnose/counts.ts";
import type { Diagnosis } from "../../diagnose/diagnosis.ts";
import { percent } from "../../diagnose/doubts.ts";
import { quoted } from "../../diagnose/show.ts";
import { textTable } from "../../report/table.ts";
import type { Progress } from "../../run/progress.ts";
import type { DiagnoseOptions } from "./options.ts";

/**
 * The result as lines for people: the answer first and, where it has scrolled away, again at the end. All of it takes a
 * screen; --verbose shows the rest.
 */
export function tellDiagnosis(progress: Progress, diagnosis: Diagnosis, options: DiagnoseOptions): void {
  const { line, paint } = progress;
  const { verdict, reasons, input, causes } = diagnosis;
  const answer = `${paint(COLOURS[verdict], verdict.toUpperCase())}: ${reasons[0]}`;
  line(answer);
  if (options.json) return;
  for (const reason of reasons.slice(1)) line(reason);
  line("");
  // The reasons say what could not be read.
  line(inputText({ ...input, malformed: 0 }));
  if (options.verbose) tellAll(progress, diagnosis);
  else tellScreen(progress, diagnosis);
  if (options.out !== null) line(`report.html, summary.md and diagnosis.json are in ${options.out}`);
  if (causes.length > 0) line(`\n${answer}`);
}

const COLOURS = { race: "red", errors: "red", inconclusive: "yellow", clean: "green" } as const;

function tellAll({ line, paint }: Progress, diagnosis: Diagnosis): void {
  const { causes, malformed } = diagnosis;
  if (causes.length > 0) line(`\n${textTable(causeRows(diagnosis))}`);
  for (const { kind, why, doubts, next, quotes } of causes) {
    line(`\n${paint("bold", kind)}: ${why}`);
    for (const doubt of doubts) line(`  but ${doubt}`);
    line(`  next: ${next}`);
    for (const quote of quotes) line(`  ${quoteText(quote)}`);
  }
  for (const table of breakdowns(diagnosis, ALL_ROWS)) line(`\n${textTable(table)}`);
  for (const bad of malformed)
    line(`\n${bad.file}:${bad.line} could not be read: ${bad.reason}\n  ${quoted(bad.text)}`);
}

function tellScreen({ line, paint }: Progress, diagnosis: Diagnosis): void {
  const { verdict, causes, malformed } = diagnosis;
  if (causes.length > 0) line(`\n${textTable(causeRows(diagnosis).map((row) => row.slice(0, SHORT_ROW)))}\n`);
  // What the answer is about, then the most frequent.
  const told = [...causes]
    .sort((a, b) => Number(b.kind === verdict) - Number(a.kind === verdict))
    .slice(0, TOLD_CAUSES);
  for (const [i, { kind, why, next, quotes }] of told.entries()) {
    if (i > 0) {
      line(`${paint("bold", kind)}, next: ${next}`);
      continue;
    }
    line(`${paint("bold", kind)}: ${why}\n  next: ${next}`);
    for (const quote of quotes.slice(0, 1)) line(`  ${cut(quoteText(quote), 2 * COLUMNS - 2)}`);
  }
  const rows = causes.length > TOLD_CAUSES ? 2 : 3;
  for (const table of breakdowns(diagnosis, rows, TOLD_CAUSES))
    line(`\n${textTable(table.map(([name, ...counts]) => [cut(name!, LONGEST_NAME), ...counts]))}`);
  for (const { file, line: number, reason, text } of causes.length > 0 ? [] : malformed.slice(0, 2))
    line(
      `\n${cut(`${file}:${number} could not be read: ${reason}`, 2 * COLUMNS)}\n  ${cut(quoted(text), 2 * COLUMNS - 2)}`,
    );
  if (causes.length > 0 || malformed.length > 2) line("\n--verbose tells why for each cause, and shows more lines");
}

/** The width of a terminal, at which all of it takes fewer than 45 rows. */
const COLUMNS = 100;
const SHORT_ROW = 4;
const TOLD_CAUSES = 4;
const LONGEST_NAME = 48;
const ALL_ROWS = 20;

const quoteText = ({ file, line, text }: { file: string; line: number; text: string }): string =>
  `${file}:${line}: ${text}`;

const cut = (text: string, longest: number): string =>
  text.length > longest ? `${text.slice(0, longest - 3)}...` : text;

/** "3 files, 1.2 MB, 4000 lines: 3990 requests from ... to ..., 10 lines that could not be read." */
export function inputText({ files, bytes, lines, requests, malformed, firstAt, lastAt }: Diagnosis["input"]): string {
  const time = firstAt === null ? "" : ` from ${toSecond(firstAt)} to ${toSecond(lastAt!)}`;
  const unread = malformed === 0 ? "" : `, ${malformed} ${malformed === 1 ? "line" : "lines"} that could not be read`;
  const size = bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
  return `${files} ${files === 1 ? "file" : "files"}, ${size}, ${lines} lines: ${requests} requests${time}${unread}.`;
}

const toSecond = (time: string): string => time.replace(/\.\d+Z$/, "Z");

/** Causes as rows under a heading. */
export function causeRows({ causes, input }: Diagnosis): string[][] {
  const share = (count: number) => (input.onlyErrors ? "?" : percent(count / input.requests));
  return [
    ["cause", "requests", "of all", "sure", "first", "last"],
    ...causes.map(({ kind, count, sure, firstAt, lastAt }) => [kind, `${count}`, share(count), sure, firstAt, lastAt]),
  ];
}

/**
 * Failures by target, hour and route, as tables; empty tables are left out.
 * @param rows in each; more where a cause has most of its failures in one
 * @param columns at most, for the most frequent causes; the others are summed up in one more
 */
export function breakdowns(
  { causes, targets, hours, routes }: Diagnosis,
  rows: number,
  columns: number = KINDS.length,
): string[][][] {
  if (causes.length === 0) return [];
  const kinds = causes.slice(0, causes.length > columns ? columns : KINDS.length).map(({ kind }) => kind);
  const shownKinds = KINDS.filter((kind) => kinds.includes(kind));
  const rest = causes.length > kinds.length;
  const counts = ({ failed }: Failed): string[] => {
    const shown = shownKinds.map((kind) => failed[kind] ?? 0);
    const other = failuresOf({ failed }) - shown.reduce((sum, count) => sum + count, 0);
    return [...shown, ...(rest ? [other] : [])].map((count) => `${count}`);
  };
  const table = (heading: string, list: Diagnosis["targets"]): string[][] => {
    // An hour is no place where a cause has its reason.
    const { shown, left, leftOver } = worstOf(list, list === hours ? [] : causes, rows);
    return [
      [heading, "requests", ...shownKinds, ...(rest ? ["other causes"] : [])],
      ...shown.map((entry) => [entry.name, `${entry.requests}`, ...counts(entry)]),
      ...(left > 0 ? [[`${left} more`, `${leftOver.requests}`, ...counts(leftOver)]] : []),
    ];
  };
  return [table("target", targets), table("hour (UTC)", hours), table("route", routes)];
}

type Failed = Pick<Diagnosis["targets"]["listed"][number], "failed">;

/** The ones that fail most, in the order in which they are listed, and the one that most of a cause's failures are at. */
function worstOf({ listed, others }: Diagnosis["targets"], causes: Diagnosis["causes"], rows: number) {
  const failing = listed.filter((entry) => failuresOf(entry) > 0);
  const byLb = (entry: (typeof listed)[number]) => failuresOf(entry) - (entry.failed.own ?? 0);
  const worst = new Set([...failing].sort((a, b) => byLb(b) - byLb(a) || failuresOf(b) - failuresOf(a)).slice(0, rows));
  for (const { kind, count } of causes)
    for (const entry of failing) if (kind !== "own" && (entry.failed[kind] ?? 0) > count / 2) worst.add(entry);
  const rest = [
    ...failing.filter((entry) => !worst.has(entry)),
    ...(others && failuresOf(others) > 0 ? [{ name: "", ...others }] : []),
  ];
  return { shown: failing.filter((entry) => worst.has(entry)), left: rest.length, leftOver: sumOf(rest) };
}

function sumOf(entries: Diagnosis["targets"]["listed"]): { requests: number; failed: Failed["failed"] } {
  const failed: Failed["failed"] = {};
  for (const entry of entries)
    for (const kind of KINDS) if (entry.failed[kind]) failed[kind] = (failed[kind] ?? 0) + entry.failed[kind];
  return { requests: entries.reduce((sum, { requests }) => sum + requests, 0), failed };
}
