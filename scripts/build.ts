import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { commandLine } from "../src/cli/command-line.ts";
import { READ_THREAD, readThread } from "../src/diagnose/threads.ts";
import { bundleScenarios, bundleSetNetwork, bundleTargetApp } from "../src/stage/bundle.ts";
import { bundleCommands } from "./build/commands.ts";
import { SCHEMAS, schemaText } from "./build/schemas.ts";
import { licencesOf } from "./build/third-party.ts";

const help = (): string => `npm run build

Bundles the scenarios (dist/aimed.js, steady.js, sweep.js) for plain k6, and the target app (dist/target-app.cjs) for
plain Node, and what sets up the network for docker compose (dist/set-network.cjs); makes the folder results/k6 for its k6.
The rest is for the package, before npm pack: dist/alb502.js with the commands, the licences of what is bundled, schema/.`;

const buildCommandLine = commandLine({ called: "npm run build", help, options: {}, read: () => ({}) });

/** npm run build. @returns the exit code */
export async function main(argv: string[]): Promise<number> {
  if (buildCommandLine.parse(argv) === null) {
    process.stdout.write(`${help()}\n`);
    return 0;
  }
  const dist = join(ROOT, "dist");
  const mapped = [
    ...Object.values(await bundleScenarios(dist)),
    await bundleTargetApp(dist),
    await bundleSetNetwork(dist),
  ];
  for (const file of [...mapped, ...(await buildPackage(dist, mapped))]) process.stdout.write(`${file}\n`);
  makeResultsFolder(join(ROOT, "results/k6"));
  return 0;
}

const ROOT = join(import.meta.dirname, "..");

/**
 * What only the package needs.
 * @param mapped bundles with a source map beside them
 * @returns the files
 */
async function buildPackage(dist: string, mapped: readonly string[]): Promise<string[]> {
  await rm(join(dist, "chunks"), { recursive: true, force: true }); // their names change with what is in them
  const { entries, sources } = await bundleCommands(ROOT, dist);
  const bundled = [...sources, ...(await Promise.all(mapped.map(sourcesOf))).flat()];
  const texts = {
    [join(dist, READ_THREAD)]: await readThread(),
    [join(dist, "THIRD-PARTY-LICENSES.txt")]: await licencesOf(bundled),
    ...Object.fromEntries(
      Object.entries(SCHEMAS).map(([name, schema]) => [join(ROOT, `schema/${name}.schema.json`), schemaText(schema)]),
    ),
    ...(await libraryTexts(dist)),
  };
  mkdirSync(join(ROOT, "schema"), { recursive: true });
  await Promise.all(Object.entries(texts).map(([file, text]) => writeFile(file, text)));
  return [...entries, ...Object.keys(texts)];
}

/** What import and require of "alb502" need beside dist/index.js; nothing where there is no src/api. */
async function libraryTexts(dist: string): Promise<Record<string, string>> {
  const commonJs = join(ROOT, "src/api/index.cjs");
  if (!existsSync(commonJs)) return {};
  const { declarations } = (await import(`${ROOT}/scripts/build/types.ts`)) as { declarations(): string };
  const types = declarations();
  return {
    [join(dist, "index.d.ts")]: types,
    [join(dist, "index.d.cts")]: types,
    [join(dist, "index.cjs")]: await readFile(commonJs, "utf8"),
  };
}

async function sourcesOf(bundle: string): Promise<string[]> {
  const { sources } = JSON.parse(await readFile(`${bundle}.map`, "utf8")) as { sources: string[] };
  return sources.map((source) => resolve(dirname(bundle), source));
}

/** In its container k6 is user 12345, who is unknown here, so everyone may write. Git keeps no empty folder. */
function makeResultsFolder(folder: string): void {
  if (existsSync(folder)) return;
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o777);
}
