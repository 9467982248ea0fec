import assert from "node:assert/strict";
import { cp, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** In a file of src: a line as it is, and as it is to be. */
export interface Change {
  file: string;
  sound: string;
  broken: string;
}

/** Copies the product into `folder`, with these lines changed. @returns its root */
export async function mutantOf(folder: string, changes: readonly Change[]): Promise<string> {
  for (const name of COPIED) await cp(join(ROOT, name), join(folder, name), { recursive: true });
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
  for (const { file: name, sound, broken } of changes) {
    const file = join(folder, "src", name);
    const text = await readFile(file, "utf8");
    assert.ok(text.includes(sound), `the line to break in ${name}: ${sound}`);
    await writeFile(
      file,
      text.replace(sound, () => broken),
    );
  }
  return folder;
}

const ROOT = join(import.meta.dirname, "../../..");

const COPIED = [
  "package.json",
  "package-lock.json",
  ".npmrc",
  "scripts",
  "src",
  "scenarios",
  "simulator",
  "target-app",
  "tools",
];
