import { type ParseArgsConfig, parseArgs } from "node:util";
import { UsageError } from "../run/exit.ts";

/**
 * node:util's parseArgs, strict, with errors as users need them.
 * @param command how the command is called, for the hint: "npm run demo"
 * @throws UsageError for an unknown option, a missing or a superfluous value
 */
export function parseOptions<T extends ParseArgsConfig>(command: string, argv: readonly string[], config: T) {
  assertNotTakenByNpm(command, config);
  try {
    return parseArgs({ ...config, args: [...argv], strict: true });
  } catch (error) {
    const [what] = (error as Error).message.split(/\. |\n/, 1);
    throw new UsageError(`${lowerFirst(what ?? "")}; ${command} -- --help lists the options`);
  }
}

/**
 * Without the `--` npm takes `--lb-idle 5s` for a setting of its own, and the command would run with its default.
 * npm hands such settings on as npm_config_*.
 */
function assertNotTakenByNpm(command: string, { options = {} }: ParseArgsConfig): void {
  const taken = Object.keys(options).find(
    (name) => !NPMS_OWN.has(name) && process.env[`npm_config_${name.replaceAll("-", "_")}`] !== undefined,
  );
  if (taken)
    throw new UsageError(`npm took --${taken} for an option of its own: put -- before the options: ${command} -- ...`);
}

/** Names that npm has options of, which a user may have set for npm. */
const NPMS_OWN = new Set(["json", "yes", "help", "port", "body", "path", "method"]);

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
