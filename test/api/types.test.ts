import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { declarations } from "../../scripts/build/types.ts";
import { ROOT } from "../../src/run/root.ts";
import { scratchFolder } from "../parts/scratch.ts";

/** What comes out is the same type, both ways. */
const OUT = ["Result", "NodeServer", "ServerSettings", "ServerProbe"];

/** What goes in may be narrower there, which knows the names of the profiles; but has no option less. */
const IN = ["Config", "CheckCallOptions", "ProbeCallOptions", "ServerProbeOptions"];

const PROGRAM = `
import type * as made from "./index.d.ts";
import type * as ours from "${join(ROOT, "src/api/index.ts")}";
${OUT.map((name) => `export const ${name}: [made.${name}, ours.${name}] = [{} as ours.${name}, {} as made.${name}];`).join("\n")}
${IN.map((name) => `export const ${name}: [ours.${name}, keyof made.${name}] = [{} as made.${name}, "" as keyof ours.${name}];`).join("\n")}
type Names = "check" | "probe"; // defineConfig gives back what went in
export const functions: Pick<typeof made, Names> = {} as Pick<typeof ours, Names>;
export const errors: [made.UsageError, made.EnvironmentError] = [{} as ours.UsageError, {} as ours.EnvironmentError];
declare const probe: typeof made.probe;
declare const server: import("node:http").Server;
export const verdict: "vulnerable" | "safe" | "inconclusive" = (await probe(server)).verdict;
// @ts-expect-error: seconds have their unit here
void probe(server, { lb: { idleTimeout: 60 } });
`;

test("The package's types are those of the sources, and need nothing but Node's.", async (t) => {
  const folder = await scratchFolder(t);
  await writeFile(join(folder, "index.d.ts"), declarations());
  await writeFile(join(folder, "program.ts"), PROGRAM);
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
  t.after(() => rm(join(folder, "node_modules"), { force: true }));
  const compilerOptions = {
    ...{ target: "es2023", module: "nodenext", lib: ["es2023"], types: ["node"], strict: true, noEmit: true },
    ...{ exactOptionalPropertyTypes: true, allowImportingTsExtensions: true, verbatimModuleSyntax: true },
  };
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  await writeFile(
    join(folder, "tsconfig.json"),
    JSON.stringify({ compilerOptions, files: ["index.d.ts", "program.ts"] }),
  );
  const told = await promisify(execFile)(process.execPath, [
    join(ROOT, "node_modules/typescript/bin/tsc"),
    "-p",
    folder,
  ])
    .then(({ stdout }) => stdout)
    .catch(({ stdout }) => stdout as string);
  assert.equal(told, "");
  assert.doesNotMatch(declarations(), /: (any|unknown)\b|from "zod"/);
});
