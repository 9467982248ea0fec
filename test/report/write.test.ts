import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { resultSchema } from "../../src/record/result.ts";
import { badgeJson } from "../../src/report/badge.ts";
import { reportHtml } from "../../src/report/html/report.ts";
import { junitXml } from "../../src/report/junit.ts";
import { markdownSummary } from "../../src/report/summary.ts";
import { prepareFolder, writeResult } from "../../src/report/write.ts";
import { EnvironmentError, UsageError } from "../../src/run/exit.ts";
import { exampleResult } from "./example.ts";

const root = mkdtempSync(join(tmpdir(), "alb502-write-"));
after(() => rmSync(root, { recursive: true }));

const oneLineAbout = (code: RegExp) => (error: unknown) =>
  (error instanceof UsageError || error instanceof EnvironmentError) &&
  !error.message.includes("\n") &&
  code.test(error.message) &&
  error.message.includes("--out");

test("The six files are written into a folder made for them, and nothing else stays there.", () => {
  const folder = join(root, "a", "b");
  const result = exampleResult();
  writeResult(folder, result);
  const read = (name: string) => readFileSync(join(folder, name), "utf8");
  assert.deepEqual(readdirSync(folder).sort(), [
    ".alb502",
    "badge.json",
    "junit.xml",
    "picture.svg",
    "report.html",
    "result.json",
    "summary.md",
  ]);
  assert.deepEqual(resultSchema.parse(JSON.parse(read("result.json"))), result);
  assert.equal(read("junit.xml"), junitXml(result));
  assert.equal(read("summary.md"), markdownSummary(result));
  assert.equal(read("report.html"), reportHtml(result));
  assert.match(read("picture.svg"), /^<svg /);
  assert.equal(read("badge.json"), badgeJson(result));
});

test("A second run replaces the first one's files.", () => {
  const folder = join(root, "twice");
  writeResult(folder, exampleResult());
  writeResult(folder, { ...exampleResult(), durationMs: 1 });
  assert.equal(JSON.parse(readFileSync(join(folder, "result.json"), "utf8")).durationMs, 1);
});

test("A result without aimed requests has no picture.", () => {
  const folder = join(root, "bare");
  writeResult(folder, { ...exampleResult(), runs: [] });
  assert.deepEqual(readdirSync(folder).sort(), [
    ".alb502",
    "badge.json",
    "junit.xml",
    "report.html",
    "result.json",
    "summary.md",
  ]);
});

test("A result that its own schema refuses is not written.", () => {
  const folder = join(root, "wrong");
  assert.throws(() => writeResult(folder, { ...exampleResult(), durationMs: Number.NaN }), { name: "ZodError" });
  assert.throws(() => readdirSync(folder), { code: "ENOENT" });
});

test("Checking beforehand that the folder can be written to creates it and leaves it empty.", () => {
  const folder = join(root, "asked", "before");
  prepareFolder(folder);
  assert.deepEqual(readdirSync(folder), []);
});

test("That check leaves an earlier run's result as it is: a run that cannot begin must not cost it.", () => {
  const folder = join(root, "used", "before");
  writeResult(folder, exampleResult());
  const before = readdirSync(folder);
  prepareFolder(folder);
  assert.deepEqual(readdirSync(folder), before);
});

test("A path below a file, and a file in the folder's place, are user errors: one line, before and after the run.", () => {
  const file = join(root, "file");
  writeFileSync(file, "");
  for (const folder of [join(file, "out"), file, join(file, "two\nlines")]) {
    assert.throws(() => prepareFolder(folder), oneLineAbout(/\((ENOTDIR|EEXIST)\)/));
    assert.throws(() => writeResult(folder, exampleResult()), oneLineAbout(/\((ENOTDIR|EEXIST)\)/));
  }
});

test("A folder whose result.json is itself a folder keeps it, gets no temporary files, and is named.", () => {
  const folder = join(root, "taken");
  mkdirSync(join(folder, "result.json"), { recursive: true });
  assert.throws(() => writeResult(folder, exampleResult()), oneLineAbout(/has not written ".*result\.json"/));
  assert.equal(
    readdirSync(folder).some((name) => name.startsWith(".")),
    false,
  );
});

test("A folder that may not be written to is named.", () => {
  // The kernel lets root write anywhere but where there is no file system to write to, such as /proc.
  const locked = join(root, "locked");
  mkdirSync(locked);
  chmodSync(locked, 0o555);
  const folder = process.getuid?.() === 0 ? "/proc/alb502" : join(locked, "out");
  assert.throws(() => prepareFolder(folder), oneLineAbout(/\((EACCES|EPERM|ENOENT|EROFS)\)/));
});

/**
 * Disks too small for the result, as prefixes of a shell command: a limit on the size of files, which needs no rights
 * (EFBIG), and, where this user may mount, a real full disk (ENOSPC) in a mount namespace that ends with the command.
 */
const tinyDisk = `mount -t tmpfs -o size=16k none ${root}/tiny`;
const asRoot = process.getuid?.() === 0 ? "" : "--user --map-root-user";
const inNamespace = (command: string) => `unshare --mount ${asRoot} sh -c '${command}'`;
mkdirSync(join(root, "tiny"));
const smallDisks = [{ code: "EFBIG", run: (command: string) => `ulimit -f 8; ${command}` }];
if (spawnSync("sh", ["-c", inNamespace(tinyDisk)]).status === 0) {
  smallDisks.push({ code: "ENOSPC", run: (command) => inNamespace(`${tinyDisk}; ${command}; ls -A ${root}/tiny`) });
}

for (const { code, run } of smallDisks) {
  for (const doing of ["prepareFolder(folder)", "writeResult(folder, exampleResult())"]) {
    test(`A full disk (${code}) gives one line and leaves no partial file: ${doing}.`, () => {
      const folder = join(root, "tiny");
      const program = join(root, "program.ts");
      const source = (path: string) => JSON.stringify(fileURLToPath(new URL(path, import.meta.url)));
      writeFileSync(
        program,
        `import { prepareFolder, writeResult } from ${source("../../src/report/write.ts")};
         import { exampleResult } from ${source("./example.ts")};
         const folder = ${JSON.stringify(folder)};
         try { ${doing}; } catch (error) { console.log(error.exitCode, error.message); }`,
      );
      // TSX's compile cache would itself run into the limit.
      const env = { ...process.env, TSX_DISABLE_CACHE: "1" };
      const command = `"${process.execPath}" --import tsx "${program}"`;
      const cwd = fileURLToPath(new URL("../..", import.meta.url));
      const { stdout, stderr } = spawnSync("sh", ["-c", run(command)], { cwd, env, encoding: "utf8" });
      assert.match(
        stdout,
        new RegExp(`^2 no room to write in "[^"]*" \\(${code}\\): free 1 MB there .*--out.*\n$`),
        stderr,
      );
      assert.deepEqual(readdirSync(folder), []);
    });
  }
}
