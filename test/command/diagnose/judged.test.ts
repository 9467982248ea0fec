import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { gzipSync } from "node:zlib";
import { type Diagnosis, diagnosisSchema } from "../../../src/diagnose/diagnosis.ts";
import { lineOf } from "../../alb-log/samples.ts";
import { scratchFolder } from "../../parts/scratch.ts";
import { programOf } from "../../program.ts";

const START_MS = Date.parse("2026-11-20T10:00:00Z");
const GOOD = { times: "0.000 0.003 0.000", status: "200", targetStatus: "200" };

test("A log in which every request fails is no race: a dead or malformed answer, or another protocol.", async (t) => {
  const { status, causes, text } = await judged(t, "everything-fails.log.gz");
  assert.equal(status, 1);
  assert.deepEqual(kindsOf(causes), ["bad-answer 200"]);
  assert.match(text, /^ERRORS: 200 of 200 requests .*: too many for the keep-alive race\.$/m);
  assert.match(text, /HTTP\/2 or TLS spoken on one side only/);
});

test("Two in five that fail evenly are at most a race of low sureness, and the report says why there cannot be so many.", async (t) => {
  const { status, causes, text } = await judged(t, "two-in-five-fail.log.gz");
  assert.equal(status, 1);
  assert.deepEqual(
    causes.map(({ kind, count, sure }) => `${kind} ${count} ${sure}`),
    ["race 800 low"],
  );
  assert.match(text, /40 % of all requests is more than a race can take of ordinary traffic/);
});

test("Lines that zgrep found are read behind their files' names, and have no share.", async (t) => {
  const { status, causes, input, text } = await judged(t, "zgrep.log.gz");
  assert.equal(status, 1);
  assert.deepEqual(kindsOf(causes), ["race 15"]);
  assert.deepEqual([input.malformed, input.cutOff, input.onlyErrors], [0, 0, true]);
  assert.match(text, /^RACE: 15 requests were lost .*$/m);
  assert.doesNotMatch(text, /\d %/);
});

test("A rule's own answer is one on purpose, without a word of health checks.", async (t) => {
  const { status, causes, text } = await judged(t, "fixed-503.log.gz");
  assert.equal(status, 1);
  assert.deepEqual(kindsOf(causes), ["fixed-response 7"]);
  assert.match(text, /on purpose/);
  assert.doesNotMatch(text, /health/);
});

test("A target group without a target is one, and a 504 after 10 s without a connection says what may be in its way.", async (t) => {
  const none = await judged(t, "no-target.log.gz");
  assert.deepEqual(kindsOf(none.causes), ["no-target 2"]);
  assert.match(none.text, /health checks/);
  const silent = await judged(t, "connect-timeout-504.log.gz");
  assert.deepEqual(kindsOf(silent.causes), ["connect 2"]);
  assert.match(silent.text, /listens on that port, its security group and its backlog/);
  assert.doesNotMatch(silent.text, /slow routes/);
});

test("502s in lines that are cut off count as far as they can be read, and the verdict says so.", async (t) => {
  const { status, causes, input, text } = await judged(t, "cut-off-502.log.gz");
  assert.equal(status, 1);
  assert.deepEqual(kindsOf(causes), ["race 10"]);
  assert.equal(input.cutOff, 10);
  assert.match(text, /^10 lines are cut off, and count as far as they go\.$/m);
});

test("Unreadable lines that look like the LB's 5xx make a verdict of clean impossible; others are named in it.", async (t) => {
  const folder = await scratchFolder(t);
  const good = Array.from({ length: 1000 }, (_, i) => at(i, GOOD));
  await writeFile(join(folder, "a.log"), [...good, "?? 502 - 94"].join("\n"));
  const doubt = diagnose(["a.log"], folder);
  assert.equal(doubt.status, 3, doubt.stdout);
  assert.match(doubt.stdout, /1 of 1001 lines could not be read\.\n1 of them looks like a 5xx of the LB\./);
  await writeFile(join(folder, "b.log"), [...good, "garbage"].join("\n"));
  const clean = diagnose(["b.log"], folder);
  assert.equal(clean.status, 0, clean.stdout);
  assert.match(clean.stdout, /^CLEAN: .*\nThat rests on 1000 requests in 1001 lines of 1 file, 17 minutes from 2026/);
  assert.match(clean.stdout, /^1 of 1001 lines could not be read; none of them looks like a 5xx\.$/m);
});

test("A gzip file that is cut off is told whatever the verdict is.", async (t) => {
  const folder = await scratchFolder(t);
  const lines = Array.from({ length: 2000 }, (_, i) =>
    at(i, i % 500 === 3 ? {} : { ...GOOD, path: `/${Math.sin(i)}` }),
  );
  const whole = gzipSync(lines.join("\n"));
  await writeFile(join(folder, "cut.log.gz"), whole.subarray(0, whole.length - 200));
  const { status, stdout } = diagnose(["cut.log.gz"], folder);
  assert.equal(status, 1);
  assert.match(stdout, /^RACE: /);
  assert.match(stdout, /cut\.log\.gz could not be read to its end: the gzip file is cut off\./);
});

test("31 errors of seven kinds take a screen, with the answer first and last, and name the route with all crashes.", async (t) => {
  const folder = await scratchFolder(t);
  const name =
    "123456789012_elasticloadbalancing_us-east-2_app.shop.50dc6c495c0c9188_20261120T1005Z_10.0.0.9_2abcdefg.log";
  const kinds = [
    ...Array.from({ length: 5 }, (_, i) => ({ path: `/${"abcde"[i]}` })),
    ...Array.from({ length: 4 }, () => ({ times: "0.001 2.000 -1", path: "/crash" })),
    ...Array.from({ length: 5 }, (_, i) => ({ times: "-1 -1 -1", path: `/${"abcde"[i]}` })),
    ...Array.from({ length: 5 }, (_, i) => ({ times: "0.000 -1 -1", status: "504", path: `/${"abcde"[i]}` })),
    ...Array.from({ length: 3 }, () => ({ times: "-1 -1 -1", status: "503", target: "-" })),
    ...Array.from({ length: 7 }, (_, i) => ({ ...GOOD, status: "500", targetStatus: "500", path: `/${"fghijkl"[i]}` })),
    ...Array.from({ length: 2 }, () => ({ times: "-1 -1 -1", status: "501", target: "-" })),
  ];
  assert.equal(kinds.length, 31);
  const lines = Array.from({ length: 3100 }, (_, i) => at(i * 10, i % 100 === 50 ? kinds[(i - 50) / 100]! : GOOD));
  await writeFile(join(folder, name), `${lines.join("\n")}\ngarbage\n`);
  const { stdout } = diagnose([name], folder);
  const rows = stdout.split("\n").reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 100)), 0);
  assert.ok(rows < 45, `${rows} rows:\n${stdout}`);
  assert.match(stdout, /^RACE: /);
  assert.equal(stdout.trimEnd().split("\n").at(-1), stdout.split("\n")[0]);
  assert.match(stdout, /^\/crash +4 +/m);
  const all = diagnose([name, "--verbose"], folder).stdout;
  assert.ok(all.length > 2 * stdout.length);
  assert.match(all, /^other: made by the LB for another reason/m);
});

test("--json leaves standard error to one line.", () => {
  const { stderr } = diagnose(["--json", join(LOGS, "two-in-five-fail.log.gz")]);
  assert.match(stderr, /^RACE: [^\n]+\n$/);
});

test("--from, --to, --target and --route leave out the rest and say how much; where nothing is left it is exit 3.", async (t) => {
  const folder = await scratchFolder(t);
  const lines = Array.from({ length: 100 }, (_, i) =>
    at(i, { ...(i === 70 ? {} : GOOD), target: `10.0.0.${i % 2}:80`, path: i % 5 === 0 ? "/a/7" : "/b" }),
  );
  await writeFile(join(folder, "a.log"), lines.join("\n"));
  const left = (...args: string[]) => {
    const { status, stdout } = diagnose(["a.log", "--json", ...args], folder);
    const { input, verdict } = diagnosisSchema.parse(JSON.parse(stdout));
    return [status, verdict, input.requests, input.leftOut];
  };
  assert.deepEqual(left(), [1, "race", 100, 0]);
  assert.deepEqual(left("--from", "2026-11-20T10:00:50Z", "--to", "2026-11-20T10:01:10Z"), [0, "clean", 20, 80]);
  assert.deepEqual(left("--from", "2026-11-20T11:01+01:00"), [1, "race", 40, 60]);
  assert.deepEqual(left("--from", "2026-11-20", "--to", "2026-11-20"), [1, "race", 100, 0]);
  assert.deepEqual(left("--target", "10.0.0.1"), [0, "clean", 50, 50]);
  assert.deepEqual(left("--target", "10.0.0.0:80", "--route", "/a/:n"), [1, "race", 10, 90]);
  assert.deepEqual(left("--route", "/a/99", "--route", "/none"), [1, "race", 20, 80]);
  assert.deepEqual(left("--to", "2026-11-19"), [3, "inconclusive", 0, 100]);
  assert.match(
    diagnose(["a.log", "--target", "10.9.9.9"], folder).stdout,
    /^INCONCLUSIVE: All 100 requests were left out/,
  );
  assert.match(diagnose(["a.log", "--route", "/a/*"], folder).stdout, /^80 requests were left out, as asked\.$/m);
});

test("A time, target or route that is none is one line: exit 2.", () => {
  const wrong: [args: string[], line: RegExp][] = [
    [["--from", "yesterday"], /^alb502: --from is "yesterday", expected a day or a time, UTC unless/],
    [["--to", "2026-02-30"], /^alb502: --to is "2026-02-30"/],
    [["--to", "2026-11-20T25:00"], /^alb502: --to is "2026-11-20T25:00"/],
    [["--from", "1700000000"], /^alb502: --from is "1700000000"/],
    [["--from="], /^alb502: --from is "", /],
    [
      ["--from", "2026-11-21", "--to", "2026-11-20"],
      /^alb502: --to is "2026-11-20", expected a time after --from "2026-11-21"/,
    ],
    [["--target", "http://a/"], /^alb502: --target is "http:\/\/a\/", expected an address/],
    [["--target="], /^alb502: --target is ""/],
    [["--route", "users"], /^alb502: --route is "users", expected a path/],
  ];
  for (const [args, line] of wrong) {
    const { status, stdout, stderr } = diagnose(["-", ...args]);
    assert.deepEqual([status, stdout], [2, ""], args.join(" "));
    assert.match(stderr, line);
    assert.equal(stderr.trim().split("\n").length, 1);
  }
});

test("Logs are looked for where npm was called, and named by their whole path.", async (t) => {
  const folder = await scratchFolder(t);
  await mkdir(join(folder, "logs"));
  await cp(join(LOGS, "two-in-five-fail.log.gz"), join(folder, "logs/a.log.gz"));
  const { status, stdout, stderr } = spawnSync("npm", ["--prefix", ROOT, "-s", "run", "diagnose", "--", "logs"], {
    cwd: folder,
    encoding: "utf8",
  });
  assert.equal(status, 1, stderr);
  assert.ok(stdout.includes(join(folder, "logs/a.log.gz:1: ")), stdout);
});

const ROOT = join(import.meta.dirname, "../../..");
const LOGS = join(import.meta.dirname, "logs");

const at = (second: number, fields: Parameters<typeof lineOf>[0]): string =>
  lineOf({ ...fields, time: new Date(START_MS + second * 1000).toISOString() });

const kindsOf = (causes: Diagnosis["causes"]): string[] => causes.map(({ kind, count }) => `${kind} ${count}`);

/** What the command says of one of the kept logs, to people and as JSON. */
async function judged(t: TestContext, name: string): Promise<Diagnosis & { status: number | null; text: string }> {
  const out = await scratchFolder(t);
  const { status, stdout } = diagnose(["--verbose", "--out", out, join(LOGS, name)]);
  const diagnosis = diagnosisSchema.parse(JSON.parse(await readFile(join(out, "diagnosis.json"), "utf8")));
  return { ...diagnosis, status, text: stdout };
}

function diagnose(args: string[], cwd = ROOT) {
  return spawnSync(process.execPath, [programOf("diagnose"), "diagnose", ...args], {
    cwd,
    input: "",
    encoding: "utf8",
  });
}
