import { type ParseArgsConfig, parseArgs } from "node:util";
import { UsageError } from "./exit.ts";

/**
 * node:util's parseArgs, strict, with errors as users need them.
 * @param command how the command is called, for the hint: "npm run demo"
 * @throws UsageError for an unknown option, a missing or a superfluous value
 */
export function parseOptions<T extends ParseArgsConfig>(command: string, argv: readonly string[], config: T) {
  try {
    return parseArgs({ ...config, args: [...argv], strict: true });
  } catch (error) {
    const [what] = (error as Error).message.split(/\. |\n/, 1);
    throw new UsageError(`${lowerFirst(what ?? "")}; ${command} -- --help lists the options`);
  }
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
