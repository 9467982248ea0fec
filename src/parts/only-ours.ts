import { stat } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Whether nobody but this user can have put a program into the cache, or changed it there: its name is known to all, and
 * the cache may lie below a folder that others share.
 * @returns what is wrong, as a clause; null where nothing is
 */
export async function whyNotOnlyOurs(program: string): Promise<string | null> {
  return (await whyNotOurs(dirname(program))) ?? (await whyNotOurs(program));
}

/** The same of a folder or a file alone. */
export async function whyNotOurs(path: string): Promise<string | null> {
  const { uid, mode } = await stat(path);
  // root may do anything anyway, and a CI's helper may have unpacked the cache as root.
  if (uid !== 0 && uid !== process.getuid?.()) return `${path} belongs to another user`;
  if ((mode & 0o022) !== 0) return `others may write to ${path} (chmod go-w ${path})`;
  return null;
}
