import { copyFile, rename } from "node:fs/promises";
import { join } from "node:path";
import type { BuildOptions } from "esbuild";
import { EnvironmentError } from "../run/exit.ts";
import { ROOT } from "../run/root.ts";
import { onlyEnglish } from "./only-english.ts";

export const SCENARIOS = ["at-close", "aimed", "organic", "steady", "sweep"] as const;
export type Scenario = (typeof SCENARIOS)[number];

/** Puts every scenario into `folder`/NAME.js, one self-contained ES module each, as plain `k6 run` takes it. */
export async function bundleScenarios(folder: string): Promise<Record<Scenario, string>> {
  await provide(
    folder,
    SCENARIOS.map((name) => `${name}.js`),
    {
      entryPoints: SCENARIOS.map((name) => join(ROOT, "scenarios", `${name}.ts`)),
      outdir: folder,
      bundle: true, // k6 resolves no node_modules, and one file is what a ConfigMap, an archive or a volume takes
      format: "esm", // k6 runs ES modules; a CommonJS build would hide `export const options` from its parser
      platform: "neutral", // neither a browser nor Node: nothing of theirs may be assumed
      target: "es2022", // what Sobek, k6's engine, runs without gaps
      external: ["k6", "k6/*"], // built into k6
      sourcemap: "linked", // k6 reads it: stack traces name the .ts line
      logLevel: "silent", // errors reach the caller as an exception
    },
  );
  return Object.fromEntries(SCENARIOS.map((name) => [name, join(folder, `${name}.js`)])) as Record<Scenario, string>;
}

/** Puts the target app, Express inside, into `folder`/target-app.cjs: plain Node runs it, in a container too. */
export const bundleTargetApp = (folder: string): Promise<string> =>
  bundleForNode(folder, "target-app.cjs", "target-app/main.ts");

/** Puts what sets up the network between containers into `folder`/set-network.cjs. */
export const bundleSetNetwork = (folder: string): Promise<string> =>
  bundleForNode(folder, "set-network.cjs", "src/stage/docker/network-container.ts");

async function bundleForNode(folder: string, name: string, source: string): Promise<string> {
  const outfile = join(folder, name);
  await provide(folder, [name], {
    entryPoints: [join(ROOT, source)],
    outfile,
    bundle: true, // the container is the plain node image with this one file mounted
    format: "cjs", // Express's dependencies call require(); in an ES module that would need a shim
    platform: "node",
    target: "node18", // the oldest that Express 5 runs on; newer ones get the same file
    minifyWhitespace: true, // a third less to ship; the source map has the lines
    plugins: [onlyEnglish],
    sourcemap: "linked", // for node --enable-source-maps
    logLevel: "silent",
  });
  return outfile;
}

/**
 * The package holds these files ready in dist/, and has no esbuild. They are copied all the same: a Docker engine need not
 * see the folder that npm installs into, and in `folder` they are where a clone has them.
 * @throws EnvironmentError where there is no room for it
 */
async function provide(folder: string, names: readonly string[], options: BuildOptions): Promise<void> {
  try {
    if (import.meta.inPackage) await Promise.all(names.map((name) => copy(name, folder)));
    else await (await import("esbuild")).build(options);
  } catch (error) {
    const unwritten = unwrittenIn(error as NodeJS.ErrnoException);
    if (unwritten === null) throw error;
    throw new EnvironmentError(
      `no room for what is to be run: ${unwritten}`,
      "free 10 MB there",
      "set TMPDIR to another",
    );
  }
}

/** By a rename: whoever runs the file of an earlier call must not meet a half-written one. */
async function copy(name: string, folder: string): Promise<void> {
  const part = join(folder, `.${name}-${++copies}`);
  await copyFile(join(ROOT, "dist", name), part);
  await rename(part, join(folder, name));
}

let copies = 0;

/** What could not be written, in esbuild's words or Node's; null for another error. */
function unwrittenIn({ code, message }: NodeJS.ErrnoException): string | null {
  if (code === "ENOSPC" || code === "EDQUOT") return message;
  return /Failed to write to output file: (.*)/.exec(message)?.[1] ?? null;
}
