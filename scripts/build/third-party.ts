import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isAllowed, nameOf } from "../licences.mjs";

/**
 * The licences of the npm packages whose code is in the bundles, each with its whole text, as they ask for.
 * @param sources the bundled files, by their whole paths
 * @throws Error where one has none, or none that may be passed on
 */
export async function licencesOf(sources: readonly string[]): Promise<string> {
  const folders = new Set(sources.flatMap((source) => packageOf(source) ?? []));
  const all = await Promise.all([...folders].sort().map((folder) => licenceOf(folder)));
  return `alb502 has code of these packages in it.\n\n${all.join("\n\n")}\n`;
}

/** ".../node_modules/a/node_modules/@b/c" of what lies below it; null for a file of our own. */
export const packageOf = (source: string): string | null =>
  /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1] ?? null;

async function licenceOf(folder: string): Promise<string> {
  const { name, version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Record<string, string>;
  const file = (await readdir(folder)).find((one) => /^(un)?licen[cs]e/i.test(one));
  if (file === undefined) throw new Error(`${folder} has no licence beside it`);
  const text = (await readFile(join(folder, file), "utf8")).trim();
  const licence = nameOf(text) ?? "unknown";
  if (!isAllowed({ name: name!, licence })) throw new Error(`${folder}: ${licence} is not allowed in the package`);
  return `${"-".repeat(80)}\n${name} ${version} (${licence})\n\n${text}`;
}
