import { randomUUID } from "node:crypto";
import { chmod, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Stage } from "../stage/stage.ts";

/**
 * Beside the bundle, which k6 finds in a container too. Not in its arguments, which every user of the machine can read,
 * nor in its environment, which `docker inspect` shows: in a folder that only this user can enter, for its lifetime.
 */
export async function writeToken(
  { name }: Stage,
  { bundle, harnessToken }: { bundle: string; harnessToken: string },
): Promise<string> {
  // Stages of the same name may run side by side, with the same bundles.
  const file = join(dirname(bundle), `${name}-${randomUUID()}.token`);
  await writeFile(file, harnessToken);
  await chmod(file, 0o644); // whatever the umask: in its container k6 is another user
  return file;
}
