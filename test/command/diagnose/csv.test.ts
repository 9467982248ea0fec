import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { lineOf } from "../../alb-log/samples.ts";
import { scratchFolder } from "../../parts/scratch.ts";
import { programOf } from "../../program.ts";

const COMMAND = programOf("diagnose");
const GOOD = `${lineOf({ times: "0.000 0.003 0.000", status: "200", targetStatus: "200" })}\n`;
const LOST = `${lineOf({ path: "/users/7?token=hush hush" })}\n`;
const HEADING =
  "time,elb_status_code,target_status_code,cause,sure,target,method,route,request_processing_time,target_processing_time,response_processing_time,error_reason,file,line";

test("--csv prints a row for each 5xx and nothing else there; the verdict is on standard error, the exit code is the report's.", () => {
  const { status, stdout, stderr } = diagnose(["--csv", "-"], gzipSync(GOOD + LOST + GOOD + LOST));
  assert.equal(status, 1);
  const row = "2026-11-20T10:00:00.000000Z,502,,race,high,10.0.0.1:3000,GET,/users/:n,0.000,0.002,-1,,-";
  assert.equal(stdout, `${HEADING}\r\n${row},2\r\n${row},4\r\n`.replaceAll(",,-,", ",,'-,"));
  assert.match(stderr, /^RACE: /);
  assert.doesNotMatch(stdout + stderr, /hush/);
});

test("A log without an error is a heading alone: exit 0; one that cannot be read is exit 3.", () => {
  assert.deepEqual(
    [diagnose(["--csv", "-"], GOOD).status, diagnose(["--csv", "-"], GOOD).stdout],
    [0, `${HEADING}\r\n`],
  );
  assert.equal(diagnose(["--csv", "-"], "garbage\n").status, 3);
});

test("--out keeps it as a file that only its user can read, and leaves nothing else there.", async (t) => {
  const out = await scratchFolder(t);
  const file = join(await scratchFolder(t), "a.log");
  await writeFile(file, GOOD + LOST);
  const { status, stdout } = diagnose(["--csv", file, "--out", out]);
  assert.deepEqual([status, stdout], [1, ""]);
  assert.ok((await readdir(out)).includes("errors.csv"));
  assert.equal((await stat(join(out, "errors.csv"))).mode & 0o777, 0o600);
  assert.equal((await readFile(join(out, "errors.csv"), "utf8")).split("\r\n").length, 3);
  assert.equal(diagnose(["--csv", file, "--out", out]).status, 1, "again, in its own one's place");
});

test("Only what --target wants is a row; --json beside it is one line and exit 2.", () => {
  const other = `${lineOf({ target: "10.0.0.2:3000" })}\n`;
  const { stdout } = diagnose(["--csv", "--target", "10.0.0.2", "-"], LOST + other);
  assert.equal(stdout.trimEnd().split("\r\n").length, 2);
  assert.match(stdout, /10\.0\.0\.2:3000/);
  assert.deepEqual([diagnose(["--csv", "--json", "-"]).status, diagnose(["--csv"]).status], [2, 2]);
});

test("No line of a log becomes a formula, a colour or a command in it.", () => {
  const paths = ["/=1+1", "/\u001b[31mred", "/::set-output name=x::y", '/"=1', "/a\u0000b", "/\r=1"];
  const lines = paths.map((path) => lineOf({ path }));
  const named = lineOf({ target: "=HYPERLINK(1)" });
  const { stdout } = diagnose(["--csv", "-"], [...lines, named, "::set-output name=x::y", "\u001b[31m"].join("\n"));
  for (const line of stdout.trimEnd().split("\r\n")) {
    assert.match(line, /^(time|2026)/);
    for (const cell of line.split(",")) assert.doesNotMatch(cell, /^"?[=+@]/);
  }
  for (const control of ["\u001b", "\u0000"]) assert.ok(!stdout.includes(control));
  assert.ok(stdout.includes("'=HYPERLINK(1)"));
});

test("It streams: rows come while the log still does.", async () => {
  const child = spawn(process.execPath, [COMMAND, "diagnose", "--csv", "-"], { stdio: ["pipe", "pipe", "ignore"] });
  child.stdin.write(LOST.repeat(2000));
  const [chunk] = (await once(child.stdout, "data")) as [Buffer];
  assert.ok(chunk.toString().startsWith(HEADING));
  child.stdin.end();
  child.stdout.resume();
  const [code] = await once(child, "close");
  assert.equal(code, 1);
});

const diagnose = (args: string[], input: string | Buffer = "") =>
  spawnSync(process.execPath, [COMMAND, "diagnose", ...args], { encoding: "utf8", input, maxBuffer: 1e8 });
