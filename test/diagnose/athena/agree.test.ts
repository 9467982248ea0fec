// npm test: early, since it computes for half a minute
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { madeLog } from "../../../bench/diagnose/made-log.ts";
import { fastLane } from "../../../scripts/parts-for-tests.ts";
import { COLUMNS, type Column } from "../../../src/alb-log/athena/columns.ts";
import { inputRegex } from "../../../src/alb-log/athena/regex.ts";
import { type FieldName, INDEX } from "../../../src/alb-log/fields.ts";
import { readLine } from "../../../src/alb-log/parse.ts";
import { createSplit, rawField } from "../../../src/alb-log/split.ts";
import { causesQuery } from "../../../src/diagnose/athena/causes-query.ts";
import { createReader } from "../../../src/diagnose/tally.ts";
import { allForms } from "./all-forms.ts";
import { inDuckDb, inJava } from "./engines.ts";

/** As RegexSerDe gets it: Athena reads `\\` in a statement as one backslash. */
const REGEX = inputRegex().replaceAll("\\\\", "\\");

const LINES = 120_000;

describe("diagnose --athena", { skip: fastLane, timeout: 900_000 }, () => {
  it(`sorts each of ${LINES} lines of all forms as diagnose does, with DuckDB in Athena's place.`, async (t) => {
    const lines = [...allForms(LINES)];
    const rows = await inDuckDb(t, lines, REGEX, "SELECT cause, sure FROM alb502_lines ORDER BY n");
    if (rows === null) return;
    assert.equal(rows.length, LINES);
    const different = lines.flatMap((line, i) => {
      const [ours, theirs] = [causeByDiagnose(line), rows[i]!.join(" ").trim()];
      return ours === theirs ? [] : [{ line, ours, theirs }];
    });
    t.diagnostic(`${LINES - different.length} of ${LINES} lines are sorted alike`);
    assert.deepEqual(different.slice(0, 5), []);
    // All of them are there, so that agreeing means something.
    const found = new Set(rows.map(([cause]) => cause));
    const causes = [
      "race",
      "closed",
      "connect",
      "timeout",
      "bad-answer",
      "no-target",
      "fixed-response",
      "authenticate",
    ];
    for (const cause of [...causes, "waf", "lambda", "own", "other", "unread", ""]) assert.ok(found.has(cause), cause);
  });

  it("reads lines alike whether or not somebody has read its backslashes before.", async (t) => {
    const lines = [...allForms(3000, 7)];
    const query = "SELECT * FROM alb502_lines ORDER BY n";
    assert.deepEqual(await inDuckDb(t, lines, inputRegex(), query), await inDuckDb(t, lines, REGEX, query));
  });

  it("counts causes and deploys of a made log as diagnose does.", async (t) => {
    const lines = [...madeLog({ requests: 100_000 })].map(({ line }) => line);
    const reader = createReader();
    for (const line of lines) reader.read(line, "made", 1);
    const rows = await inDuckDb(t, lines, REGEX, causesQuery({ from: "2026/11/20", to: "2026/11/20" }));
    if (rows === null) return;
    const counts: Record<string, number> = {};
    for (const [cause, , requests] of rows) counts[cause!] = (counts[cause!] ?? 0) + Number(requests);
    assert.deepEqual(counts, Object.fromEntries([...reader.end().causes].map(([kind, { count }]) => [kind, count])));
    assert.ok(counts.deploy! > 50);
  });

  it("reads each field as diagnose does, in Athena's own engine, which is Java's.", async (t) => {
    const lines = [...allForms(30_000, 9)];
    const rows = await inJava(t, lines, REGEX);
    if (rows === null) return;
    const split = createSplit();
    const [different, read] = [[] as unknown[], { lines: 0 }];
    lines.forEach((line, i) => {
      const latin1 = Buffer.from(line, "utf8").toString("latin1");
      if (readLine(latin1, split) !== null) return;
      read.lines += 1;
      const row = Object.fromEntries(COLUMNS.map(([name], n) => [name, rows[i]![n] ?? ""])) as Record<Column, string>;
      for (const [field, ours] of fieldsOf(latin1, split)) {
        const theirs = valueIn(row, field);
        if (theirs !== null && theirs !== ours) different.push({ line, field, ours, theirs });
      }
    });
    t.diagnostic(`${read.lines} lines: ${different.length} fields are read in another way`);
    assert.ok(read.lines > 28_000);
    assert.deepEqual(different.slice(0, 5), []);
  });

  it("reads what a client can make as long as it likes, without running out of Java's stack.", async (t) => {
    const long = (text: string) => `${line.slice(0, -1)}${text.repeat(16_000 / text.length)}"`;
    const line = [...allForms(50, 1)]
      .find((one) => one.split(" ").length > 30)!
      .replace(/ "[^"]*" /, ' "GET http://h:80/ HTTP/1.1" ');
    const agents = ["a", "\\x22", "a b ", "é", "\\\\", "%00"].map(long);
    const rows = await inJava(t, agents, REGEX);
    if (rows === null) return;
    for (const row of rows) assert.equal(row.length, COLUMNS.length);
  });
});

/** What diagnose makes of a line alone: "race high", "unread", or nothing. */
function causeByDiagnose(line: string): string {
  const reader = createReader();
  reader.read(Buffer.from(line, "utf8").toString("latin1"), "line", 1);
  const { causes, requests } = reader.end();
  if (requests === 0) return "unread";
  const [found] = causes;
  if (found === undefined) return "";
  const [kind, { sure }] = found;
  return `${kind} ${Object.entries(sure).find(([, count]) => count > 0)![0]}`;
}

function fieldsOf(line: string, split: ReturnType<typeof createSplit>): [FieldName, string][] {
  const names = Object.keys(INDEX) as FieldName[];
  return names.map((name) => {
    const value = Buffer.from(rawField(line, split, INDEX[name]), "latin1").toString("utf8");
    return [name, value === "-" ? "" : value];
  });
}

/** A field in the table's columns; null where these have it in another form. */
function valueIn(row: Record<Column, string>, field: FieldName): string | null {
  const text = (value: string) => (value === "-" ? "" : value);
  const address = (ip: string, port: string) => text(port === "" ? ip : `${ip}:${port}`);
  switch (field) {
    case "client:port":
      return address(row.client_ip, row.client_port);
    case "target:port":
      return address(row.target_ip, row.target_port);
    case "request": {
      const parts = [row.request_verb, row.request_url, row.request_proto];
      // "- - - " has a blank at its end, and what is no request has no parts.
      return row.request_proto === "" || row.request_proto === "-" ? null : parts.join(" ");
    }
    case "error_reason":
      return text(row.lambda_error_reason);
    case "target:port_list":
      return text(row.target_port_list);
    default:
      return text(row[field]);
  }
}
