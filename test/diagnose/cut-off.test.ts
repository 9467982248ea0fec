import assert from "node:assert/strict";
import { test } from "node:test";
import { parseAlbLine } from "../../src/alb-log/parse.ts";
import { completed, looksLikeError } from "../../src/diagnose/cut-off.ts";
import { createReader } from "../../src/diagnose/tally.ts";
import { lineOf } from "../alb-log/samples.ts";

const LINE = lineOf({ path: "/users/7" });
const STATUS_AT = LINE.indexOf(" 502 - ");
const GROUP_AT = LINE.indexOf(" arn:aws") + 1;

test("Wherever a line ends after its status, it can be read that far, and before it cannot.", () => {
  for (let end = 0; end < GROUP_AT; end++) {
    const line = completed(LINE.slice(0, end));
    if (end < STATUS_AT + 4) assert.equal(line, null, LINE.slice(0, end));
    else {
      const parsed = parseAlbLine(line!);
      assert.ok("entry" in parsed, LINE.slice(0, end));
      const { elb_status_code, target_status_code, target_processing_time } = parsed.entry;
      assert.deepEqual([elb_status_code, target_status_code, target_processing_time], ["502", "-", "0.002"]);
      assert.equal(parsed.entry["target:port"], "10.0.0.1:3000");
    }
  }
});

test("A status or a path of which only half is there counts as none.", () => {
  const own = lineOf({ status: "502", targetStatus: "502", times: "0.000 0.003 0.000" });
  const at = own.indexOf(" 502 502 ");
  for (const length of [1, 2]) assert.equal(completed(own.slice(0, at + 5 + length)), null);
  assert.match(completed(own.slice(0, at + 8))!, / 502 502 - - "-"/);
  assert.match(completed(LINE.slice(0, LINE.indexOf("/7") + 1))!, / "-" "-" - - -$/);
  assert.match(completed(LINE.slice(0, LINE.indexOf("/7") + 4))!, / "GET https:\/\/shop.example:443\/users\/7 -" /);
});

test("What is no line of an access log is not completed, however long it is.", () => {
  for (const line of [
    "",
    "garbage",
    "x".repeat(1_000_000),
    "http 2024-01-01T".repeat(100_000),
    `tls 2.0 ${LINE.slice(6, 100)}`,
  ])
    assert.equal(completed(line), null);
});

test("Lines that cannot be read are looked through for a 5xx of the LB.", () => {
  for (const line of ["?? 502 - 94", "502 -", " 503", "garbage 504 -"])
    assert.equal(looksLikeError(` ${line}`), true, line);
  for (const line of ["200 -", "502 502 -", "garbage", "1502 -", "502 612"])
    assert.equal(looksLikeError(` ${line}`), false, line);
});

test("A line that is cut off counts with its target and cause, and is quoted as it is.", () => {
  const reader = createReader();
  for (const [i, end] of [STATUS_AT + 7, STATUS_AT + 30, STATUS_AT].entries())
    reader.read(LINE.slice(0, end), "a.log", i + 1);
  const tally = reader.end();
  assert.deepEqual(
    [tally.lines, tally.requests, tally.cutOff, tally.malformed, tally.malformedErrors],
    [3, 2, 2, 1, 0],
  );
  assert.equal(tally.causes.get("race")!.count, 2);
  assert.equal(tally.causes.get("race")!.quotes[0]!.text, LINE.slice(0, STATUS_AT + 7).trimEnd());
  assert.deepEqual(
    tally.targets.entries().map(([name, { failed }]) => [name, failed]),
    [["10.0.0.1:3000", { race: 2 }]],
  );
});
