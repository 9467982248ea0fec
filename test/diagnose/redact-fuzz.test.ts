import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseAlbLine } from "../../src/alb-log/parse.ts";
import { redacted } from "../../src/diagnose/redact.ts";
import { createReader } from "../../src/diagnose/tally.ts";
import { shown } from "../../src/run/shown.ts";
import { CURRENT, lineOf } from "../alb-log/samples.ts";

const SECRET = "hush";

/** Where in a URL a secret may be, and what may stand around it there. */
const BEFORE = fc.constantFrom(
  "?",
  "?a=",
  "?a b ",
  "?a=\\x22",
  '?a=\\" ',
  ";jsessionid=",
  "?;#",
  "#access_token=",
  "?\t",
  "?a=%20",
  "?é",
  "?a;b c=",
);
const AFTER = fc.constantFrom("", " ", "&b", ";x", "\\x22", '\\"', "?", "/x", " y;z");
const SECRET_PARTS = fc.tuple(BEFORE, AFTER).map(([before, after]) => `${before}${SECRET}${after}`);

test("Whatever stands around a secret in a URL of any field, a line shows none, whole, cut off or grepped.", () => {
  const lines = fc.tuple(
    SECRET_PARTS,
    fc.constantFrom("request", "redirect", "agent", "user"),
    fc.nat(700),
    fc.boolean(),
  );
  fc.assert(
    fc.property(lines, ([part, field, at, cut]) => {
      const line = lineWith(part, field);
      for (const text of [cut ? line.slice(0, at) : line, `a.log:7:${line}`, `"${line}`, line.slice(at % 90)])
        assert.ok(!redacted(text).includes(SECRET), `${text}\n${redacted(text)}`);
    }),
    { seed: 502, numRuns: 1000 },
  );
});

test("No text, and no bytes, make the readers of lines throw, and no output of theirs has a line of its own.", () => {
  const reader = createReader();
  const token = fc.constantFrom(
    '"',
    " ",
    "\\",
    "{",
    "}",
    "[",
    ":",
    ",",
    "\t",
    "?",
    "://",
    "@",
    "#Fields: ",
    "http",
    '"message":',
    "elb_status_code",
    "502",
    "-",
    "2026-11-20T10:00:00.000000Z",
    "\u0000",
    "é",
    "app/",
  );
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 300 }),
    fc.array(token, { maxLength: 80 }).map((tokens) => tokens.join("")),
    fc.array(token, { maxLength: 40 }).map((tokens) => tokens.join(" ")),
    fc.json({ maxDepth: 4 }),
    fc.tuple(fc.nat(CURRENT.length), token).map(([at, mark]) => CURRENT.slice(0, at) + mark + CURRENT.slice(at + 1)),
  );
  let number = 0;
  fc.assert(
    fc.property(text, (any) => {
      const line = any.replaceAll("\n", " ");
      number += 1;
      parseAlbLine(line);
      reader.read(Buffer.from(line, "utf8").toString("latin1"), `${number % 50}.log`, number);
      const bytes = Buffer.from(line, "utf8");
      reader.readBytes(bytes, 0, bytes.length, `${number % 50}.log`, number);
      assert.doesNotMatch(redacted(line), /[^\P{C}]|##\w*\[|^\s*::/u);
      assert.equal(shown(shown(line, 200), 300), shown(line, 200), "what is shown may be shown again");
    }),
    { seed: 502, numRuns: 3000 },
  );
  reader.end();
});

test("A line takes time in proportion to its length, whatever it repeats.", () => {
  const marks = [
    "://",
    '"',
    '" ',
    "\\",
    '\\"',
    "?",
    ";",
    "@",
    "//a:b",
    " HTTP/",
    '"GET /?',
    "##[",
    ":",
    "{",
    "}{",
    "[",
    " =",
    "\t",
    ",",
    " ",
    "  x",
    "}]",
    "a:",
    "-http ",
    "5 ",
  ];
  for (const mark of marks) {
    for (const before of ["", `${CURRENT.slice(0, 140)}`, "{", '"GET https://h/?']) {
      // What is quadratic takes minutes for it, and the test's own limit ends it.
      const line = before + mark.repeat(300_000 / mark.length);
      redacted(line);
      parseAlbLine(line);
      createReader().read(line, "a.log", 1);
    }
  }
});

function lineWith(part: string, field: string): string {
  if (field === "request") return lineOf({ path: `/orders${part}` });
  if (field === "user") return lineOf().replace("https://shop", `https://me:${SECRET}@shop`);
  if (field === "agent") return lineOf({ agent: `curl (+https://a.example/x${part.replace(/^#|^;/, "?")})` });
  return lineOf().replace('"forward" "-"', `"redirect" "https://b.example:443/x${part}"`);
}
