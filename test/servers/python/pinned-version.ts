import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** The version of a package in requirements.txt. */
export async function pinnedVersion(name: string): Promise<string> {
  const lines = (await readFile(join(import.meta.dirname, "requirements.txt"), "utf8")).split("\n");
  const line = lines.find((one) => one.startsWith(`${name}==`));
  if (line === undefined) throw new Error(`requirements.txt does not pin ${name}`);
  return line.slice(name.length + 2);
}
