// What action.yml runs beside the check, as `node scripts/action.mjs wait|comment`. Plain JavaScript, as run.mjs is:
// nothing may be installed yet.
import { fileURLToPath } from "node:url";
import { installPackages } from "./npm-packages.mjs";

process.exitCode = (await installPackages(fileURLToPath(new URL("..", import.meta.url)))) ?? (await start());

async function start() {
  process.env.TSX_DISABLE_CACHE ??= "1"; // as in run.mjs
  const { register } = await import("tsx/esm/api");
  register();
  const { main } = await import("./action/main.ts");
  return main(process.argv[2], process.env);
}
