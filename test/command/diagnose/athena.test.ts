import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { inputRegex } from "../../../src/alb-log/athena/regex.ts";
import { scratchFolder } from "../../parts/scratch.ts";
import { programOf } from "../../program.ts";

const PLACE = "s3://my-logs/prod/AWSLogs/123456789012/elasticloadbalancing/eu-west-1";

test("--athena prints the table, the view and the query, its placeholders plain to see: exit 0.", () => {
  const { status, stdout, stderr } = diagnose("--athena");
  assert.deepEqual([status, stderr], [0, ""]);
  assert.match(stdout, /^-- Replace <BUCKET>, <ACCOUNT>, <REGION>, twice each\.$/m);
  assert.deepEqual([...stdout.matchAll(/^(CREATE|WITH requests)/gm)].length, 3);
  assert.ok(stdout.includes(`'input.regex' = '${inputRegex()}'\n`));
});

test("A place fills them in, --from and --to choose the days, and --out keeps each statement as a file.", async (t) => {
  const out = join(await scratchFolder(t), "new");
  const { status, stdout } = diagnose(
    "--athena",
    `${PLACE}/2026/11/`,
    "--from",
    "2026-11-20",
    "--to",
    "2026-11-21",
    "--out",
    out,
  );
  assert.equal(status, 0);
  assert.doesNotMatch(stdout, /<[A-Z]+>/);
  assert.deepEqual((await readdir(out)).sort(), [
    ".alb502",
    "athena-causes.sql",
    "athena-lines.sql",
    "athena-table.sql",
    "logs-insights.txt",
  ]);
  assert.match(
    await readFile(join(out, "athena-causes.sql"), "utf8"),
    /WHERE day BETWEEN '2026\/11\/20' AND '2026\/11\/21'\n/,
  );
  const table = await readFile(join(out, "athena-table.sql"), "utf8");
  // A comment before it is more than Athena's reader of CREATE TABLE takes for granted.
  assert.match(table, /^CREATE EXTERNAL TABLE /);
  assert.ok(table.includes(`LOCATION '${PLACE}/'\n`));
});

test("What it cannot do is one line: exit 2.", () => {
  const wrong: [args: string[], line: RegExp][] = [
    [["--athena", "a.log"], /the place of the logs is "a\.log", expected s3:\/\/BUCKET/],
    [["--athena", `${PLACE}'; DROP TABLE x; --`], /the place of the logs is /],
    [["--athena", PLACE, PLACE], /--athena takes one place of logs/],
    [["--athena", "--json"], /leave out --json/],
    [["--athena", "--csv"], /leave out --csv/],
    [["--athena", "--route", "/a"], /leave out --route/],
    [["--athena", "--from", "yesterday"], /--from is "yesterday"/],
  ];
  for (const [args, line] of wrong) {
    const { status, stdout, stderr } = diagnose(...args);
    assert.deepEqual([status, stdout], [2, ""], args.join(" "));
    assert.match(stderr, line);
    assert.equal(stderr.trim().split("\n").length, 1);
  }
});

const diagnose = (...args: string[]) =>
  spawnSync(process.execPath, [programOf("diagnose"), "diagnose", ...args], {
    encoding: "utf8",
  });
