import { join, relative } from "node:path";
import { IN_PACKAGE } from "./in-package.ts";
import { ROOT } from "./root.ts";

/**
 * Where a page of docs/ can be opened, for a hint on the screen: "docs/config.md" in a clone, else below node_modules or in
 * npx's cache. Not for what is kept: it may be read on another machine.
 */
export function docPage(name: string): string {
  if (!IN_PACKAGE) return `docs/${name}`;
  const file = join(ROOT, "docs", name);
  const fromHere = relative(process.cwd(), file);
  return fromHere.length < file.length ? fromHere : file;
}
