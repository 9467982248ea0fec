import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { scratchFolder } from "./parts/scratch.ts";

const ROOT = join(import.meta.dirname, "..");

test("An import upward, a circle of types and each other import that a room must not have are told by their rule.", async (t) => {
  const { code, told } = await imports(t, {
    "src/run/run.ts": 'import "../cli/values.ts";',
    "src/record/result.ts": 'import type { Judgement } from "../verdict/judge.ts";',
    "test/servers/all.ts": 'import "../needs.ts";',
    "src/report/row.ts": 'import type { Picture } from "./picture.ts";\nexport type Row = Picture;',
    "src/report/picture.ts": 'import type { Row } from "./row.ts";\nexport type Picture = Row;',
    "scenarios/aimed.ts": 'import { EXIT } from "../src/run/exit.ts";\nEXIT;',
    "scenarios/lib/window.ts": 'import http from "k6/http";\nhttp;',
    "scenarios/lib/timing.ts": 'import "../k6/clock.ts";',
    "target-app/app.ts": 'import "../src/record/units.ts";',
    "src/stage/lb.ts": 'export { lb } from "../../simulator/lb.ts";',
    "src/evidence/wire.ts": 'export const bytes = async () => import("../utils/bytes.ts");',
    ...Object.fromEntries(IMPORTED.map((file) => [file, ""])),
  });
  assert.notEqual(code, 0);
  assert.deepEqual(told, [
    "every file of src/ is in a room: src/evidence/wire.ts → src/utils/bytes.ts",
    "nothing imports in a circle",
    "scenarios/ knows of src/ what is in record/: scenarios/aimed.ts → src/run/exit.ts",
    "scenarios/lib runs without k6: scenarios/lib/timing.ts → scenarios/k6/clock.ts",
    "scenarios/lib runs without k6: scenarios/lib/window.ts → k6/http",
    "simulator/ holds data, no code: src/stage/lb.ts → simulator/lb.ts",
    "src/record/ imports nothing from above: src/record/result.ts → src/verdict/judge.ts",
    "src/run/ imports nothing from above: src/run/run.ts → src/cli/values.ts",
    "target-app/ knows of src/ the errors: target-app/app.ts → src/record/units.ts",
    "test/servers/ imports nothing from above: test/servers/all.ts → test/needs.ts",
  ]);
});

test("Imports downward, within a room and of packages are allowed.", async (t) => {
  const { code, told } = await imports(t, {
    "test/verdict/judge.test.ts": 'import "../../src/verdict/judge.ts";\nimport "../servers/all.ts";',
    "test/servers/all.ts": 'import "../../src/run/exit.ts";',
    "bench/targets.ts": 'import "../test/servers/all.ts";\nimport "node:os";',
    "src/verdict/judge.ts": 'import "./count.ts";\nimport "../record/units.ts";\nimport "express";',
    "src/verdict/count.ts": "",
    "scenarios/aimed.ts":
      'import type { Attempt } from "../src/record/units.ts";\nimport "k6/http";\nimport "./lib/window.ts";',
    "scenarios/lib/window.ts": "",
    "target-app/app.ts": 'import "../src/run/exit.ts";',
    "src/run/exit.ts": "",
    "src/record/units.ts": "",
  });
  assert.deepEqual([code, told], [0, []]);
});

const IMPORTED = [
  "scenarios/k6/clock.ts",
  "src/cli/values.ts",
  "src/record/units.ts",
  "src/run/exit.ts",
  "src/utils/bytes.ts",
  "src/verdict/judge.ts",
  "simulator/lb.ts",
  "test/needs.ts",
];

/** What npm test's step says about a tree of these files. */
async function imports(t: TestContext, files: Record<string, string>): Promise<{ code: number; told: string[] }> {
  const folder = await scratchFolder(t);
  for (const [file, source] of Object.entries(files)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), source);
  }
  const program = join(ROOT, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
  const args = ["--config", join(ROOT, ".dependency-cruiser.mjs"), "--output-type", "err", "."];
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, "close")]);
  // The file system decides at which of its files a circle begins.
  const told = [...output.matchAll(/^ *error (nothing imports in a circle|.* → .*)/gm)].map(([, line]) => line!);
  return { code: code as number, told: told.sort() };
}
