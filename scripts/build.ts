import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { commandLine } from "../src/cli/command-line.ts";
import { bundleScenarios, bundleSetNetwork, bundleTargetApp } from "../src/stage/bundle.ts";

const help = (): string => `npm run build

Bundles the scenarios (dist/aimed.js, steady.js, sweep.js) for plain k6, and the target app (dist/target-app.cjs) for
plain Node, and what sets up the network for docker compose (dist/set-network.cjs); makes the folder results/k6 for its k6.`;

const buildCommandLine = commandLine({ called: "npm run build", help, options: {}, read: () => ({}) });

/** npm run build. @returns the exit code */
export async function main(argv: string[]): Promise<number> {
  if (buildCommandLine.parse(argv) === null) {
    process.stdout.write(`${help()}\n`);
    return 0;
  }
  const folder = join(import.meta.dirname, "../dist");
  const bundles = [
    ...Object.values(await bundleScenarios(folder)),
    await bundleTargetApp(folder),
    await bundleSetNetwork(folder),
  ];
  for (const bundle of bundles) process.stdout.write(`${bundle}\n`);
  makeResultsFolder(join(import.meta.dirname, "../results/k6"));
  return 0;
}

/** In its container k6 is user 12345, who is unknown here, so everyone may write. Git keeps no empty folder. */
function makeResultsFolder(folder: string): void {
  if (existsSync(folder)) return;
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o777);
}
