import assert from "node:assert/strict";
import { test } from "node:test";
import { type AlbEntry, FEWEST_FIELDS, FIELDS } from "../../src/alb-log/fields.ts";
import { formatAlbLine } from "../../src/alb-log/format.ts";
import { parseAlbLine } from "../../src/alb-log/parse.ts";
import { CLOSED, CURRENT, DOCUMENTED, lineOf } from "./samples.ts";

test("AWS's documented lines are read, whatever their type.", () => {
  const read = Object.entries(DOCUMENTED).map(([name, line]) => {
    const { type, elb_status_code, actions_executed, error_reason } = entryOf(line);
    return [name, type, elb_status_code, actions_executed, error_reason].join(" ");
  });
  assert.deepEqual(read, [
    "http http 200 forward -",
    "https https 200 authenticate,forward -",
    "h2 h2 200 redirect -",
    "ws ws 101 forward -",
    "wss wss 101 forward -",
    "lambda http 200 forward -",
    "lambdaFailed http 502 forward LambdaInvalidResponse",
  ]);
});

test("Every field of today's format has its value.", () => {
  const entry = entryOf(CURRENT);
  assert.equal(entry.time, "2018-07-02T22:23:00.186641Z");
  assert.equal(entry["client:port"], "192.168.131.39:2817");
  assert.equal(entry.target_processing_time, "0.001");
  assert.equal(entry.request, "GET http://www.example.com:80/ HTTP/1.1");
  assert.equal(entry["target:port_list"], "10.0.0.1:80");
  assert.equal(entry.target_status_code_list, "200");
  assert.equal(entry.conn_trace_id, "TID_1234abcd5678ef90");
  assert.equal(entry.request_transform_status, "-");
  assert.equal(entry.ip_address, "198.51.100.1");
  assert.equal(FIELDS.length, 34);
  assert.equal(formatAlbLine(entry), CURRENT);
});

test("A line of any year is read: from the first format's fields to three more than are known.", () => {
  const tokens = CURRENT.match(/"[^"]*"|\S+/g)!;
  assert.equal(tokens.length, 34);
  for (let count = FEWEST_FIELDS; count <= 37; count++) {
    const entry = entryOf([...tokens, "-", '"a b"', "-"].slice(0, count).join(" "));
    assert.equal(entry.elb_status_code, "200", `${count} fields`);
    assert.equal(entry.conn_trace_id, count >= 30 ? "TID_1234abcd5678ef90" : "-", `${count} fields`);
    assert.equal(entry.ip_address, count >= 34 ? "198.51.100.1" : "-", `${count} fields`);
  }
  assert.equal(entryOf(CLOSED).target_processing_time, "4.205");
});

test('Quotes within a quoted field do not end it: escaped as \\x22, as \\", or stray.', () => {
  const agents = {
    "a \\x22b\\x22 c": 'a "b" c',
    'a \\"b\\" c': 'a "b" c',
    'a "b"c': 'a "b"c',
    "back\\\\slash": "back\\slash",
    "": "",
  };
  for (const [written, meant] of Object.entries(agents)) {
    const entry = entryOf(lineOf({ agent: written }));
    assert.equal(entry.user_agent, meant);
    assert.equal(entry.conn_trace_id, "-");
    assert.equal(entryOf(formatAlbLine(entry)).user_agent, meant, "written and read again");
  }
});

test("A line that a Windows program saved is read.", () => {
  assert.equal(entryOf(`${CURRENT}\r`).request_transform_status, "-");
});

test("A malformed line gives its reason and never throws.", () => {
  const wrong: Record<string, RegExp> = {
    "": /^0 fields/,
    garbage: /^1 fields, expected at least 17/,
    [CURRENT.slice(0, 120)]: /fields, expected at least 17|not closed/,
    [CURRENT.slice(0, 160)]: /quote before \w+ is not closed/,
    [lineOf().replace("502", "5o2")]: /^elb_status_code is "5o2", expected a status or -/,
    [lineOf({ times: "0.000 fast -1" })]: /^target_processing_time is "fast", expected seconds/,
    [lineOf({ time: "yesterday" })]: /^time is "yesterday"/,
    [lineOf().replace(/^https/, "17")]: /^type is "17"/,
    "2023-10-04T17:05:15.514108Z 203.0.113.1 36280 443 TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256 4.036": /^7 fields/,
    // What stands behind a ? is not quoted.
    [`get /?token=hush MORE ${CURRENT}`]: /^time is not readable, expected/,
    [lineOf().replace(/ "GET [^"]*"/, " GET")]: /request is not in quotes/,
    ['"'.repeat(50)]: /not closed|fields/,
  };
  for (const [line, reason] of Object.entries(wrong)) {
    const parsed = parseAlbLine(line);
    assert.ok("malformed" in parsed, line);
    assert.match(parsed.malformed, reason, line);
  }
});

test("No cut of a line, and no byte in the place of another, makes the parser throw.", () => {
  for (let at = 0; at < CURRENT.length; at++) {
    parseAlbLine(CURRENT.slice(0, at));
    for (const mark of ['"', "\\", " ", "\0", "é"]) parseAlbLine(CURRENT.slice(0, at) + mark + CURRENT.slice(at + 1));
  }
});

function entryOf(line: string): AlbEntry {
  const parsed = parseAlbLine(line);
  assert.ok("entry" in parsed, "malformed" in parsed ? `${parsed.malformed}: ${line}` : "");
  return parsed.entry;
}
