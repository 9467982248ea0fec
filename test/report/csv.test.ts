import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { csvRow } from "../../src/report/csv.ts";

test("Cells are quoted where they must be, and a row ends in CR LF (RFC 4180).", () => {
  assert.equal(csvRow(["a", "b c", 'say "x"', "1,2", "two\nlines", ""]), 'a,b c,"say ""x""","1,2","two\nlines",\r\n');
});

test("What a spreadsheet would run stays a text; numbers stay numbers.", () => {
  const formulas = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "＝1",
    "=cmd|' /C calc'!A0",
    "-",
    "+",
  ];
  for (const text of formulas) assert.match(csvRow([text]), /^"?'/, JSON.stringify(text));
  for (const text of ["-1", "-1.5", "0.001", "502", "10.0.0.1:80", "/a=b", "a@b"])
    assert.equal(csvRow([text]), `${text}\r\n`);
});

test("Whatever the cells hold, a reader of RFC 4180 gets as many back, and none that begins a formula.", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" }), { minLength: 1 }), (cells) => {
      const read = readRow(csvRow(cells));
      assert.equal(read.length, cells.length);
      read.forEach((cell, i) => {
        assert.ok(cell === cells[i] || cell === `'${cells[i]}`);
        assert.ok(!/^[=+@\t\r\n]/.test(cell));
      });
    }),
  );
});

function readRow(row: string): string[] {
  assert.ok(row.endsWith("\r\n"));
  const all = `,${row.slice(0, -2)}`;
  const cells = all.match(/,(?:"(?:[^"]|"")*"|[^",\r\n]*)/g) ?? [];
  assert.equal(cells.join(""), all);
  return cells.map((cell) =>
    cell.replace(/^,/, "").replace(/^"([\s\S]*)"$/, (_, quoted: string) => quoted.replaceAll('""', '"')),
  );
}
