import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import * as api from "../../src/api/index.ts";
import { ROOT } from "../../src/run/root.ts";
import { scratchFolder } from "../parts/scratch.ts";

/** A program beside an alb502 as the package has it, whose index.js is this clone's. @returns what it prints */
async function prints(t: TestContext, program: string, env: Record<string, string> = {}): Promise<string> {
  const folder = await scratchFolder(t);
  const installed = join(folder, "node_modules/alb502");
  await mkdir(installed, { recursive: true });
  await copyFile(join(ROOT, "src/api/index.cjs"), join(installed, "index.cjs"));
  const source = JSON.stringify(pathToFileURL(join(ROOT, "src/api/index.ts")).href);
  await writeFile(join(installed, "index.js"), `export * from ${source};`);
  const exports = { ".": { require: "./index.cjs", default: "./index.js" } };
  await writeFile(join(installed, "package.json"), JSON.stringify({ name: "alb502", type: "module", exports }));
  await writeFile(join(folder, "program.cjs"), program);
  const tsx = pathToFileURL(join(ROOT, "node_modules/tsx/dist/esm/index.mjs")).href;
  const run = promisify(execFile)(process.execPath, ["--import", tsx, join(folder, "program.cjs")], {
    env: { ...process.env, TSX_DISABLE_CACHE: "1", ...env },
  });
  return (await run).stdout;
}

const PROGRAM = `
  const { createServer } = require("node:http");
  const { probe, UsageError, EnvironmentError } = require("alb502");
  (async () => {
    const { verdict, idleCloseMs } = await probe(createServer());
    const error = await probe("3000", { lb: { idle: 1 } }).catch((error) => error);
    console.log(verdict, idleCloseMs, error instanceof UsageError, error instanceof EnvironmentError);
  })();`;

describe('require("alb502")', { concurrency: 2 }, () => {
  it("gives the same as import does, errors included.", async (t) => {
    assert.equal(await prints(t, PROGRAM), "vulnerable 6000 true false\n");
  });

  it("does so in Jest too, whose context has no import().", async (t) => {
    const jest = `
      const { createContext, runInContext } = require("node:vm");
      const { readFileSync } = require("node:fs");
      const file = require.resolve("alb502");
      const inContext = (source, argument) => runInContext("(" + argument + ") => {" + source + "\\n}", createContext({ console }));
      const module_ = { exports: {} };
      inContext(readFileSync(file, "utf8"), "require, process, exports, __dirname")(require, process, module_.exports, require("node:path").dirname(file));
      inContext(${JSON.stringify(PROGRAM)}, "require")((name) => (name === "alb502" ? module_.exports : require(name)));`;
    assert.equal(await prints(t, jest, { JEST_WORKER_ID: "1" }), "vulnerable 6000 true false\n");
  });

  it("names all that the module exports, but its types.", async (t) => {
    const names = await prints(t, 'console.log(Object.keys(require("alb502")).sort().join());');
    assert.equal(names.trim(), Object.keys(api).sort().join());
  });
});
