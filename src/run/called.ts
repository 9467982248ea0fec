import { IN_PACKAGE } from "./in-package.ts";

/**
 * A command as people type it, for help and hints: "npx alb502 check URL", and in a clone "npm run check -- URL".
 * @param args what follows the command's name, if anything
 */
export function called(command: string, args = ""): string {
  const line = `${IN_PACKAGE ? "npx alb502" : "npm run"} ${command}`;
  return args === "" ? line : `${line}${BEFORE_ARGUMENTS} ${args}`;
}

/** npm keeps options before a -- for itself; the package's own command needs none. */
export const BEFORE_ARGUMENTS = IN_PACKAGE ? "" : " --";
