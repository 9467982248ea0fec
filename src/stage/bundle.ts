import { join } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { EnvironmentError } from "../run/exit.ts";
import { ROOT } from "../run/root.ts";

export const SCENARIOS = ["at-close", "aimed", "organic", "steady", "sweep"] as const;
export type Scenario = (typeof SCENARIOS)[number];

/** Bundles every scenario into `folder`/NAME.js, one self-contained ES module each, as plain `k6 run` takes it. */
export async function bundleScenarios(folder: string): Promise<Record<Scenario, string>> {
  await write({
    entryPoints: SCENARIOS.map((name) => join(ROOT, "scenarios", `${name}.ts`)),
    outdir: folder,
    bundle: true, // k6 resolves no node_modules, and one file is what a ConfigMap, an archive or a volume takes
    format: "esm", // k6 runs ES modules; a CommonJS build would hide `export const options` from its parser
    platform: "neutral", // neither a browser nor Node: nothing of theirs may be assumed
    target: "es2022", // what Sobek, k6's engine, runs without gaps
    external: ["k6", "k6/*"], // built into k6
    sourcemap: "linked", // k6 reads it: stack traces name the .ts line
    logLevel: "silent", // errors reach the caller as an exception
  });
  return Object.fromEntries(SCENARIOS.map((name) => [name, join(folder, `${name}.js`)])) as Record<Scenario, string>;
}

/** Bundles the target app, Express inside, into `folder`/target-app.cjs: plain Node runs it, in a container too. */
export const bundleTargetApp = (folder: string): Promise<string> =>
  bundleForNode(join(ROOT, "target-app", "main.ts"), join(folder, "target-app.cjs"));

/** Bundles what sets up the network between containers into `folder`/set-network.cjs. */
export const bundleSetNetwork = (folder: string): Promise<string> =>
  bundleForNode(join(ROOT, "src/stage/docker/network-container.ts"), join(folder, "set-network.cjs"));

async function bundleForNode(entry: string, outfile: string): Promise<string> {
  await write({
    entryPoints: [entry],
    outfile,
    bundle: true, // the container is the plain node image with this one file mounted
    format: "cjs", // Express's dependencies call require(); in an ES module that would need a shim
    platform: "node",
    target: "node18", // the oldest that Express 5 runs on; newer ones get the same file
    sourcemap: "linked", // for node --enable-source-maps
    logLevel: "silent",
  });
  return outfile;
}

/** @throws EnvironmentError where there is no room for it */
async function write(options: BuildOptions): Promise<void> {
  try {
    await build(options);
  } catch (error) {
    const [, unwritten] = /Failed to write to output file: (.*)/.exec((error as Error).message) ?? [];
    if (unwritten === undefined) throw error;
    throw new EnvironmentError(
      `no room for what is to be run: ${unwritten}`,
      "free 10 MB there",
      "set TMPDIR to another",
    );
  }
}
