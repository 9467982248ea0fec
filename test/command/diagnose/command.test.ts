import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { diagnosisSchema } from "../../../src/diagnose/diagnosis.ts";
import { lineOf } from "../../alb-log/samples.ts";
import { scratchFolder } from "../../parts/scratch.ts";
import { programOf } from "../../program.ts";

const GOOD = `${lineOf({ times: "0.000 0.003 0.000", status: "200", targetStatus: "200" })}\n`;
const LOST = `${lineOf({ path: "/users/7?token=hush" })}\n`;

test("A log without a 5xx of the LB is clean: exit 0.", async (t) => {
  const file = join(await scratchFolder(t), "a.txt");
  await writeFile(file, GOOD);
  const { status, stdout, stderr } = diagnose([file]);
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^CLEAN: The LB answered none of 1 requests with a 5xx of its own\.\n/);
});

test("A race is exit 1, told with its target, hour, route, line and what to do; the query stays out.", async (t) => {
  const file = join(await scratchFolder(t), "a.log");
  await writeFile(file, GOOD + LOST.repeat(3));
  const { status, stdout, stderr } = diagnose([file]);
  assert.equal(status, 1, stderr);
  assert.match(stdout, /^RACE: 3 of 4 requests were lost to the keep-alive race, .*sure: high/);
  assert.match(stdout, /^10\.0\.0\.1:3000 +4 +3$/m);
  assert.match(stdout, /^2026-11-20T10 +4 +3$/m);
  assert.match(stdout, /^\/users\/:n +3 +3$/m);
  assert.match(stdout, /next: .*npm run probe/);
  assert.match(stdout, /a\.log:2: https 2026-11-20T10/);
  assert.doesNotMatch(stdout, /hush/);
});

test("Another 5xx of the LB is exit 1, too.", () => {
  const { status, stdout } = diagnose(["-"], lineOf({ status: "504", times: "0.000 -1 -1" }));
  assert.equal(status, 1);
  assert.match(stdout, /^ERRORS: No line looks like the keep-alive race; the LB made 1 5xx: timeout 1\./);
});

test("Folders are read as S3 leaves them, gzip whatever the name, other logs not; a file named twice counts once.", async (t) => {
  const folder = await scratchFolder(t);
  const day = join(folder, "AWSLogs/123456789012/elasticloadbalancing/us-east-2/2026/11/20");
  await mkdir(day, { recursive: true });
  await writeFile(join(day, "a.log.gz"), gzipSync(GOOD));
  await writeFile(join(day, "plain.log.gz"), GOOD);
  await writeFile(join(day, "gzipped.log"), gzipSync(GOOD));
  await writeFile(
    join(day, "conn_log.123_elasticloadbalancing.log.gz"),
    gzipSync("2023-10-04T17:05:15Z 203.0.113.1\n"),
  );
  await writeFile(join(folder, "AWSLogs/123456789012/ELBAccessLogTestFile"), "Enable AccessLog");
  const { status, stdout, stderr } = diagnose(["--json", folder, join(day, "a.log.gz")]);
  assert.equal(status, 0, stderr);
  const { input } = diagnosisSchema.parse(JSON.parse(stdout));
  assert.deepEqual([input.files, input.requests, input.malformed], [3, 3, 0]);
});

test("Standard input is read, plain or gzipped; --json prints the result and nothing else there; --out keeps it.", async (t) => {
  const out = join(await scratchFolder(t), "new/out");
  const { status, stdout, stderr } = diagnose(["--json", "--out", out, "-"], gzipSync(GOOD + LOST));
  assert.equal(status, 1, stderr);
  const diagnosis = diagnosisSchema.parse(JSON.parse(stdout));
  assert.deepEqual([diagnosis.verdict, diagnosis.input.requests], ["race", 2]);
  assert.deepEqual((await readdir(out)).sort(), [".alb502", "diagnosis.json", "report.html", "summary.md"]);
  assert.equal(await readFile(join(out, "diagnosis.json"), "utf8"), stdout);
  const summary = await readFile(join(out, "summary.md"), "utf8");
  assert.match(summary, /^## alb502 diagnose: race\n/);
  assert.match(summary, /^\| race \| 1 \| 50 % \| /m);
  assert.doesNotMatch(summary, /hush/);
});

test("A log without a readable request is exit 3, never 0.", () => {
  for (const input of ["", "garbage\n"]) {
    const { status, stdout } = diagnose(["-"], input);
    assert.equal(status, 3);
    assert.match(stdout, /^INCONCLUSIVE: /);
  }
});

test("A path that is missing, empty or not given is one line and exit 2.", async (t) => {
  const folder = await scratchFolder(t);
  await symlink("nowhere", join(folder, "dangling.log"));
  await mkdir(join(folder, "empty"));
  const wrong: [args: string[], line: RegExp][] = [
    [[], /^alb502: no log is named: npm run diagnose -- FILE/],
    [[join(folder, "none.log")], /^alb502: ".*none\.log" cannot be read \(ENOENT\): give the files/],
    [[join(folder, "empty")], /^alb502: there is no \*\.log or \*\.log\.gz in ".*empty"; name the files/],
    [[join(folder, "dangling.log")], /^alb502: ".*dangling\.log" cannot be read \(ENOENT\)/],
    [["--jsno", "-"], /^alb502: unknown option '--jsno'; npm run diagnose -- --help lists the options/],
    [["-", "--out", "/dev/null/x"], /^alb502: cannot write in "\/dev\/null\/x" \(ENOTDIR\)/],
  ];
  for (const [args, line] of wrong) {
    const { status, stdout, stderr } = diagnose(args);
    assert.equal(status, 2, stderr);
    assert.equal(stdout, "");
    assert.match(stderr, line);
    assert.equal(stderr.trim().split("\n").length, 1);
  }
});

test("Ctrl-C while it waits for standard input ends it: exit 130, and leaves no earlier run's result.", async (t) => {
  const out = await scratchFolder(t);
  assert.equal(diagnose(["-", "--out", out], GOOD).status, 0, "an earlier run");
  const child = spawn(process.execPath, [COMMAND, "diagnose", "-", "--out", out], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  // It has no way to say that it has begun; a line of progress would need a terminal. So: until it has read this.
  child.stdin.write(GOOD.repeat(3000));
  await once(child.stdin, "drain");
  child.kill("SIGINT");
  const [code] = await once(child, "close");
  assert.equal(code, 130);
  assert.deepEqual(await readdir(out), []);
});

const COMMAND = programOf("diagnose");

const diagnose = (args: string[], input: string | Buffer = "") =>
  spawnSync(process.execPath, [COMMAND, "diagnose", ...args], { input, encoding: "utf8" });
