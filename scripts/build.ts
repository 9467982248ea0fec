import { join } from "node:path";
import { bundleScenarios, bundleTargetApp } from "../src/bundle/bundle.ts";
import { parseOptions } from "../src/cli/parse-options.ts";

const HELP = `npm run build

Bundles the scenarios (dist/aimed.js, steady.js, sweep.js) for plain k6, and the target app (dist/target-app.cjs) for
plain Node.`;

/** npm run build. @returns the exit code */
export async function main(argv: string[]): Promise<number> {
  const { values } = parseOptions("npm run build", argv, { options: { help: { type: "boolean", default: false } } });
  if (values.help) {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  const folder = join(import.meta.dirname, "../dist");
  for (const bundle of [...Object.values(await bundleScenarios(folder)), await bundleTargetApp(folder)]) {
    process.stdout.write(`${bundle}\n`);
  }
  return 0;
}
