import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** Every executable file called `binary`, in the order of PATH, then of `alsoIn`. */
export async function onPath(
  binary: string,
  env: NodeJS.ProcessEnv,
  alsoIn: readonly string[] = [],
): Promise<string[]> {
  const folders = [...(env.PATH ?? "").split(delimiter).filter(Boolean), ...alsoIn];
  const files = [...new Set(folders)].map((folder) => join(folder, binary));
  const executable = await Promise.all(files.map(isExecutable));
  return files.filter((_, i) => executable[i]);
}

/** Whether `file` is a file that this user may run. */
export async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
