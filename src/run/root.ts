import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * The folder of alb502's package.json: a clone's, or an installed package's. Looked for upward, since a bundle has its code
 * in another depth than the sources have it.
 */
export const ROOT = upward(import.meta.dirname);

function upward(folder: string): string {
  if (existsSync(join(folder, "package.json"))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error(`no package.json above ${import.meta.dirname}`);
  return upward(parent);
}
