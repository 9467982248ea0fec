import assert from "node:assert/strict";
import { test } from "node:test";
import { COLUMNS } from "../../../src/alb-log/athena/columns.ts";
import { parseLocation, SOMEWHERE } from "../../../src/alb-log/athena/location.ts";
import { inputRegex } from "../../../src/alb-log/athena/regex.ts";
import { createTable } from "../../../src/alb-log/athena/table.ts";
import { UsageError } from "../../../src/run/exit.ts";
import { CLOSED, CURRENT, DOCUMENTED, lineOf } from "../samples.ts";

const LINE = new RegExp(`^(?:${inputRegex()})$`);

test("The regular expression has a group for each column, no line break, and nothing that ends the SQL's text.", () => {
  assert.equal(new RegExp(`${inputRegex()}|`).exec("")!.length - 1, COLUMNS.length);
  assert.doesNotMatch(inputRegex(), /[\s']$|\n|'|;/);
  // Each backslash in brackets and four times, so that it means the same however often it is read.
  assert.doesNotMatch(inputRegex().replaceAll("\\\\\\\\", ""), /\\/);
});

test("AWS's documented lines match, those of 2016 and with fields to come too, where AWS's own expression fails.", () => {
  const two = CURRENT.replace('"10.0.0.1:80" "200"', '"10.0.0.1:80 10.0.0.2:80" "502 200"');
  const tokens = CURRENT.match(/"[^"]*"|\S+/g)!;
  const years = [17, 20, 25, 29, 30, 33, 34].map((count) => tokens.slice(0, count).join(" "));
  const lines = [...Object.values(DOCUMENTED), CURRENT, CLOSED, two, ...years, lineOf({ agent: 'a \\"b\\" c' })];
  for (const line of [...lines, `${CURRENT} "a new field" b`]) assert.match(line, LINE);
  for (const line of [
    "",
    "garbage",
    "tls 2.0 2018-12-20T02:59:40 net/x",
    "2023-10-04T17:05:15.514108Z 203.0.113.1 36280",
  ])
    assert.doesNotMatch(line, LINE);
});

test("The newer fields have columns of their own, and what comes after them is the rest.", () => {
  const newest = CURRENT.replace(/(?: "-"){3} \S+$/, ' "h.example" "/v2" "TransformSuccess" 10.0.0.9 "new one"');
  const values = LINE.exec(newest)!;
  const row = Object.fromEntries(COLUMNS.map(([name], i) => [name, values[i + 1]]));
  const { transformed_host, transformed_uri, request_transform_status, ip_address, rest } = row;
  assert.deepEqual(
    [transformed_host, transformed_uri, request_transform_status, ip_address, rest],
    ["h.example", "/v2", "TransformSuccess", "10.0.0.9", '"new one"'],
  );
});

test("A hostile line takes no longer than its length: no backtracking without end.", () => {
  for (const text of [
    '"'.repeat(5000),
    '" "'.repeat(3000),
    "\\".repeat(5000),
    '\\"'.repeat(3000),
    "a:".repeat(5000),
    " ".repeat(5000),
  ]) {
    LINE.test(lineOf({ agent: text }));
    LINE.test(lineOf({ path: text }).slice(0, -5));
    LINE.test(lineOf({ target: text.replaceAll(" ", "") }));
  }
});

test("A place in S3 is taken as the console shows it; the rest of it is left out.", () => {
  const folder = "s3://my-logs/team/prod/AWSLogs/123456789012/elasticloadbalancing/eu-west-1";
  for (const text of [folder, `${folder}/`, `${folder}/2026/11/20/`]) {
    assert.deepEqual(parseLocation(text), { url: folder, placeholders: [] });
    const table = createTable(parseLocation(text));
    assert.match(table, new RegExp(`^LOCATION '${folder}/'$`, "m"));
    assert.match(table, new RegExp(`^ {2}'storage.location.template' = '${folder}/\\$\\{day\\}'$`, "m"));
  }
  assert.equal(
    parseLocation("s3://b-1/AWSLogs/123456789012/elasticloadbalancing/us-gov-west-1").url,
    "s3://b-1/AWSLogs/123456789012/elasticloadbalancing/us-gov-west-1",
  );
});

test("Anything else is refused, above all what would end the SQL's text or be read as a variable.", () => {
  const end = "/AWSLogs/123456789012/elasticloadbalancing/eu-west-1";
  const wrong = [
    "",
    "-",
    "a.log",
    "s3://bucket",
    `https://bucket${end}`,
    `s3://B${end}`,
    `s3://bucket/a'b${end}`,
    `s3://bucket/\${x}${end}`,
  ];
  const more = [
    `s3://bucket/a b${end}`,
    `s3://bucket/a\n${end}`,
    "s3://bucket/AWSLogs/12/elasticloadbalancing/eu-west-1",
    `s3://bucket${end}'; DROP`,
  ];
  for (const text of [...wrong, ...more])
    assert.throws(
      () => parseLocation(text),
      (error) => error instanceof UsageError && !error.message.includes("\n"),
      text,
    );
});

test("Without a place the placeholders are plain to see.", () => {
  for (const placeholder of SOMEWHERE.placeholders) assert.equal(createTable(SOMEWHERE).split(placeholder).length, 3);
});
