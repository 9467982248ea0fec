import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { type Diagnosis, diagnosisSchema } from "../../src/diagnose/diagnosis.ts";
import { DOCUMENTED, lineOf } from "../alb-log/samples.ts";
import { scratchFolder } from "../parts/scratch.ts";
import { programOf } from "../program.ts";

const CASES = join(import.meta.dirname, "cases");
const GOOD = `${lineOf({ times: "0.000 0.003 0.000", status: "200", targetStatus: "200" })}\n`;
const LOST = `${lineOf()}\n`;

test("PowerShell's UTF-16 and a byte order mark are read, either way round and gzipped, too.", async (t) => {
  assert.deepEqual(counts(diagnosed([join(CASES, "utf16-powershell.log")])), { requests: 50, malformed: 0, lb: 0 });
  assert.deepEqual(counts(diagnosed([join(CASES, "utf8-bom.log")])), { requests: 51, malformed: 0, lb: 1 });
  const folder = await scratchFolder(t);
  const le = Buffer.from(`\uFEFF${GOOD}${LOST.replace("\n", "\r\n")}`, "utf16le");
  const forms = { le, be: Buffer.from(le).swap16(), gz: gzipSync(le), bare: Buffer.from(GOOD + LOST, "utf16le") };
  for (const [name, bytes] of Object.entries(forms)) {
    const file = join(folder, `${name}.log`);
    await writeFile(file, bytes);
    assert.deepEqual(counts(diagnosed([file])), { requests: 2, malformed: 0, lb: 1 }, name);
  }
});

test("What grep and its kin put before a line is passed over, whatever the file is called.", async (t) => {
  assert.deepEqual(counts(diagnosed([join(CASES, "zgrep.log")])), { requests: 15, malformed: 0, lb: 15 });
  const line = LOST.trimEnd();
  const before = [
    "a.log:",
    "a.log-",
    "/var/log/a b.log.gz:12:",
    "a.log-13-",
    "12:",
    "   12\t",
    "./http-2026.log:1:7:",
    "C:\\logs\\a.log:",
    "2026-11-20T10:00:00 stream ",
    "\x1b[35m\x1b[Ka.log\x1b[m\x1b[K\x1b[36m\x1b[K:\x1b[m\x1b[K",
    "\u00ef\u00bb\u00bf",
  ];
  const file = join(await scratchFolder(t), "a.log");
  await writeFile(file, Buffer.from(`${before.map((text) => text + line).join("\n")}\n--\n`, "latin1"));
  assert.deepEqual(counts(diagnosed([file])), { requests: before.length, malformed: 0, lb: before.length });
});

test("The file with which S3 tries the bucket is known by its text, and leaves a clean log clean.", () => {
  const { verdict, input } = diagnosed([join(CASES, "ELBAccessLogTestFile"), join(CASES, "small-clean.log")]);
  assert.deepEqual([verdict, input.requests, input.malformed], ["clean", 50, 0]);
});

test("Lines that end in the middle of a 502 count as far as they go: never clean.", () => {
  const { verdict, input, errors } = diagnosed([join(CASES, "cut-off-502.log.gz")]);
  assert.notEqual(verdict, "clean");
  assert.deepEqual([input.requests, errors.lb], [1010, 10]);
});

test("Other logs are each named for what they are, and none of their lines is shown or called malformed.", async (t) => {
  const { verdict, reasons, input, malformed } = diagnosed([join(CASES, "other-logs.log")]);
  assert.equal(verdict, "inconclusive");
  const told = reasons.join(" ");
  for (const name of ["Network Load Balancer's TLS log", "connection log", "Classic Load Balancer", "CloudFront"])
    assert.ok(told.includes(name), `${name} in ${told}`);
  assert.deepEqual([input.malformed, malformed], [0, []]);
  const health =
    "http 2026-11-20T10:00:00.000000Z app/lb/0123456789abcdef 10.0.0.1:80 tg/0123456789abcdef FAIL 502 Target.ResponseCodeMismatch 0.003 198.51.100.1";
  const file = join(await scratchFolder(t), "a.log");
  await writeFile(file, `${health}\n2026/11/20 no log\n`);
  const mixed = diagnosed([file]);
  assert.match(mixed.reasons.join(" "), /1 line of an ALB's health check log/);
  assert.equal(mixed.input.malformed, 1);
});

test("Nothing between ? and HTTP/ is shown, with blanks, quotes and redirects, anywhere.", async (t) => {
  const out = join(await scratchFolder(t), "out");
  const { stdout } = run(["--out", out, join(CASES, "blank-in-query.log")]);
  const shown = [
    stdout,
    ...(await Promise.all(["diagnosis.json", "summary.md"].map((name) => readFile(join(out, name), "utf8")))),
  ];
  for (const text of shown) assert.doesNotMatch(text, /SECRETTAIL|token/);
});

test("No line of a log is a command to a CI or a terminal, in no output.", async (t) => {
  const folder = await scratchFolder(t);
  const hostile = [
    "::set-output name=x::y",
    "  ::add-mask::x",
    "##[error]x",
    "##vso[task.setvariable variable=a]b",
    "x ##vso[a]b",
    "##teamcity[x]",
    "\x1b[31mred",
    "\u009b31mred",
    "a\u202Eb\u200Bc\u2028d",
    "\x07\x08",
  ];
  const log = join(folder, "::set-output name=a::b.log");
  const lines = hostile.flatMap((text) => [
    text,
    lineOf({ path: `/${text}`, agent: text, target: text.replaceAll(" ", "_") }),
  ]);
  await writeFile(log, `${lines.join("\n")}\n`);
  const out = join(folder, "out");
  for (const paths of [[log], [join(CASES, "hostile-lines.log")]]) {
    const { stdout, stderr } = run(["--out", out, ...paths]);
    const texts = [stdout, stderr, run(["--json", ...paths]).stdout];
    for (const name of ["diagnosis.json", "summary.md"]) texts.push(await readFile(join(out, name), "utf8"));
    for (const text of texts) {
      assert.doesNotMatch(text, /^\s*::/m);
      assert.doesNotMatch(text, /##\w*\[/);
      assert.doesNotMatch(text, /[^\P{C}\n]/u, "no control, format or other unseen character");
    }
  }
});

test("What follows gzip data and is none is told, and all before it counts; so is a cut and an empty file.", async (t) => {
  const folder = await scratchFolder(t);
  const many = gzipSync(LOST.repeat(40) + GOOD.repeat(40));
  const files: Record<string, [Buffer, number, RegExp | null]> = {
    "members.log.gz": [Buffer.concat([gzipSync(GOOD), gzipSync(LOST)]), 2, null],
    "zeros.log.gz": [Buffer.concat([many, Buffer.alloc(700)]), 80, null],
    "garbage.log.gz": [Buffer.concat([many, Buffer.from("garbage")]), 80, /follows its gzip data/],
    "behind-zeros.log.gz": [Buffer.concat([many, Buffer.alloc(700), Buffer.from(GOOD)]), 80, /follows its gzip data/],
    "cut.log.gz": [
      gzipSync(Array.from({ length: 300 }, (_, i) => lineOf({ path: `/${Math.sin(i)}` })).join("\n")).subarray(0, -500),
      1,
      /cut off/,
    ],
    "empty.log.gz": [Buffer.alloc(0), 0, /empty/],
    "plain.log.gz": [Buffer.from(GOOD), 1, null],
    "a.parquet": [Buffer.from("PAR1\x15\x04"), 0, /Parquet/],
    "a.log.zst": [Buffer.from("\x28\xb5\x2f\xfd\x04", "latin1"), 0, /zstd/],
  };
  for (const [name, [bytes, requests, reason]] of Object.entries(files)) {
    await writeFile(join(folder, name), bytes);
    const { input, verdict } = diagnosed([join(folder, name)]);
    assert.ok(name === "cut.log.gz" ? input.requests > 100 : input.requests === requests, `${name}: ${input.requests}`);
    if (reason === null) assert.deepEqual(input.broken, [], name);
    else assert.match(input.broken[0]!.reason, reason, name);
    if (reason !== null) assert.notEqual(verdict, "clean");
  }
});

test("A FIFO and a device are refused in one line; in a folder they are passed over, as is a link to one.", async (t) => {
  const folder = await scratchFolder(t);
  assert.equal(spawnSync("mkfifo", [join(folder, "fifo.log")]).status, 0);
  await symlink("/dev/zero", join(folder, "zero.log"));
  for (const [path, kind] of [
    ["fifo.log", "a FIFO"],
    ["zero.log", "a device"],
  ] as const) {
    const { status, stderr } = run([join(folder, path)]);
    assert.equal(status, 2);
    assert.match(stderr, new RegExp(`^alb502: "[^\\n]*${path}" is ${kind}, not a file: [^\\n]*\\n$`));
  }
  await writeFile(join(folder, "a.log"), GOOD);
  const { input, verdict } = diagnosed([folder]);
  assert.deepEqual([input.files, input.requests, verdict], [1, 1, "clean"]);
});

test("Fields are taken by the names that a header or JSON gives them, whatever their order and what is between them.", async (t) => {
  const folder = await scratchFolder(t);
  const json = (more: object) => JSON.stringify({ ...NAMED, ...more });
  const lost = {
    target_processing_time: 0.002,
    response_processing_time: -1,
    elb_status_code: 502,
    target_status_code: "-",
  };
  const header = Object.keys(NAMED);
  const row = (delimiter: string, more = {}) =>
    Object.values({ ...NAMED, ...more })
      .map((value) => (delimiter !== "\t" && /[ ,]/.exec(String(value)) ? `"${value}"` : `${value}`))
      .join(delimiter);
  const table = (delimiter: string, first: string) => [first, row(delimiter), row(delimiter, lost)].join("\n");
  const event = (message: string) => JSON.stringify({ timestamp: 1, message });
  const forms: Record<string, string> = {
    json: `${json({})}\n${json(lost)}\n`,
    "upper-case json": `${json({})}\n${json(lost)}\n`.replaceAll(/"(\w+)":/g, (key) => key.toUpperCase()),
    "json side by side": json({}) + json(lost),
    "json in a list": `[${json({})},\n${json(lost)}]`,
    "events with json": `${event(json({}))}\n${event(json(lost))}`,
    "events with lines": `${event(GOOD)}\n${event(LOST)}`,
    "events in one object": JSON.stringify({ events: [{ message: GOOD }, { message: json(lost) }] }),
    "pretty events": JSON.stringify({ events: [{ message: GOOD.trim() }, { message: LOST.trim() }] }, null, 2),
    insights: `@timestamp,@message\n1,"${json({}).replaceAll('"', '""')}"\n1,"${json(lost).replaceAll('"', '""')}"`,
    tabs: table("\t", header.join("\t")),
    commas: table(",", header.join(",")),
    blanks: table(" ", header.join(" ")),
    w3c: `#Version: 1.0\n${table("\t", `#Fields: ${header.join(" ")}`)}`,
    "w3c, with colons": `#Version: 1.0\n${table(" ", `#Fields: ${header.join(" ").replace("client_port", "client:port").replace("request_line", "request")}`)}`,
    "tabs in the ALB's order": [GOOD, LOST].map((line) => line.match(/"[^"]*"|\S+/g)!.join("\t")).join("\n"),
    "a grep of json": `a.json:${json({})}\na.json:${json(lost)}`,
  };
  for (const [name, text] of Object.entries(forms)) {
    const file = join(folder, "a.log");
    await writeFile(file, text);
    const diagnosis = diagnosed([file]);
    assert.deepEqual(
      counts(diagnosis),
      { requests: 2, malformed: 0, lb: 1 },
      `${name}\n${text}\n${JSON.stringify(diagnosis.malformed)}`,
    );
    assert.equal(diagnosis.causes[0]!.kind, "race", name);
  }
});

test("A log whose fields were chosen without those that tell a cause says which are missing, and is not clean.", async (t) => {
  const { target_status_code: _, ...few } = NAMED;
  const file = join(await scratchFolder(t), "a.log");
  await writeFile(file, `${JSON.stringify({ ...few, elb_status_code: 502 })}\n`);
  const { verdict, malformed } = diagnosed([file]);
  assert.equal(verdict, "inconclusive");
  assert.match(malformed[0]!.reason, /it has no target_status_code/);
});

test("All cores find what one finds, in the same words.", async (t) => {
  const folder = await scratchFolder(t);
  await mkdir(join(folder, "many"));
  const text = gunzipSync(await readFile(join(CASES, "cut-off-502.log.gz"))).toString("latin1");
  const names = Array.from({ length: 40 }, (_, i) => `many/${String(i).padStart(3, "0")}.log`);
  // Some 120 MB: enough for threads.
  for (const [i, name] of names.entries())
    await writeFile(join(folder, name), `${text.replaceAll("10.0.0.1", `10.0.0.${i % 7}`).repeat(7)}\n`);
  const all = diagnosed([join(folder, "many")]);
  const byName = names.map((name) => join(folder, name));
  const one = JSON.parse(
    spawnSync("taskset", ["-c", "0", process.execPath, SCRIPT, "diagnose", "--json", ...byName], {
      encoding: "utf8",
      maxBuffer: 1e8,
    }).stdout,
  );
  assert.deepEqual({ ...all, startedAt: "", durationMs: 0 }, { ...one, startedAt: "", durationMs: 0 });
});

const NAMED = {
  elb_status_code: 200,
  target_status_code: "200",
  client_port: "192.0.2.1:2817",
  target_port: "10.0.0.1:3000",
  time: "2026-11-20T10:00:00.000000Z",
  request_line: "GET https://shop.example:443/orders HTTP/1.1",
  type: "https",
  request_processing_time: 0,
  target_processing_time: 0.003,
  response_processing_time: 0,
  target_group_arn: null,
  user_agent: "k6, or so",
  elb: DOCUMENTED.http.split(" ")[2]!,
};

const SCRIPT = programOf("diagnose");

function run(args: readonly string[]) {
  return spawnSync(process.execPath, [SCRIPT, "diagnose", ...args], {
    encoding: "utf8",
    maxBuffer: 1e8,
    env: { ...process.env, GITHUB_ACTIONS: "" },
  });
}

function diagnosed(paths: readonly string[]): Diagnosis {
  const { stdout, stderr } = run(["--json", ...paths]);
  assert.ok(stdout.startsWith("{"), stderr);
  return diagnosisSchema.parse(JSON.parse(stdout));
}

const counts = ({ input, errors }: Diagnosis) => ({
  requests: input.requests,
  malformed: input.malformed,
  lb: errors.lb,
});
