import { existsSync, readFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { docPage } from "../../../run/doc-page.ts";
import { UsageError } from "../../../run/exit.ts";
import { problemsOf } from "./problems.ts";
import { type Config, configSchema } from "./schema.ts";

/** The config file of a folder; null where there is none. @throws UsageError where there are several */
export function configIn(folder: string): string | null {
  const found = NAMES.filter((name) => existsSync(join(folder, name)));
  if (found.length > 1) throw new UsageError(`${found.join(" and ")} are both here: keep one, or name it by --config`);
  return found[0] === undefined ? null : join(folder, found[0]);
}

const ENDINGS = [".json", ".ts", ".mts", ".mjs", ".js"];
const NAMES = ENDINGS.map((ending) => `alb502.config${ending}`);

/**
 * Reads a config file: JSON, or a module whose default export it is.
 * @throws UsageError that names the file and each problem, a line for each
 */
export async function loadConfig(file: string): Promise<Config> {
  const name = basename(file);
  if (!ENDINGS.includes(extname(file))) {
    throw new UsageError(`--config is ${JSON.stringify(name)}, expected a file that ends in ${ENDINGS.join(", ")}`);
  }
  if (!existsSync(file)) throw new UsageError(`--config ${JSON.stringify(file)}: there is no such file`);
  const value = extname(file) === ".json" ? readJson(file) : await importDefault(file);
  const problems = problemsOf(configSchema, value);
  if (problems.length > 0) throw configError(name, problems);
  return value as Config;
}

/** One problem on the error's own line; several below it, a line for each. */
export const configError = (name: string, problems: readonly string[]): UsageError =>
  new UsageError(
    problems.length === 1
      ? `${name}: ${problems[0]}; ${docPage("config.md")} has them all`
      : `${name} has ${problems.length} problems; ${docPage("config.md")} has what is expected${problems.map((one) => `\n  ${name}: ${one}`).join("")}`,
  );

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8").replace(/^\uFEFF/, ""));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(`${basename(file)} ${code ? `cannot be read (${code})` : `is no JSON: ${message}`}`);
  }
}

/** A clone runs TypeScript by tsx; the package by Node's own type stripping, where it has that. */
async function importDefault(file: string): Promise<unknown> {
  const name = basename(file);
  let module: { default?: unknown };
  try {
    module = await import(pathToFileURL(file).href);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ERR_UNKNOWN_FILE_EXTENSION") {
      throw new UsageError(
        `${name}: Node ${process.versions.node} does not run TypeScript; write it as alb502.config.json or .mjs, or use Node 22.18, 23.6 or newer`,
      );
    }
    throw new UsageError(`${name} cannot be loaded: ${`${message ?? error}`.split("\n")[0]}`);
  }
  if (module.default !== undefined) return module.default;
  throw new UsageError(`${name} has no default export: expected "export default { targets: [...] }"`);
}
