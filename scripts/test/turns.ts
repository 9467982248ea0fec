import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** Whether a test file may share the machine, and when it begins. */
export type Turn = "early" | "any" | "alone";

/**
 * What a test file asks for, in a line of its own: `// npm test: alone, since it holds a close to 10 ms`. Without one it runs
 * beside others in any order: what it waits for is counted in seconds, or it waits for nothing.
 *
 * - `alone`: nothing else runs meanwhile. For what is measured in milliseconds.
 * - `early`: among the first, since it waits for long, and the others have all that time.
 */
export function turnOf(source: string): Turn {
  const [, turn] = /^\/\/ npm test: (alone|early), since \S.*$/m.exec(source) ?? [];
  return (turn as Turn | undefined) ?? "any";
}

/** The files in the order in which they begin: those that run beside each other, and then those that are alone. */
export async function inTurn(root: string, files: readonly string[]): Promise<{ together: string[]; alone: string[] }> {
  const turns = await Promise.all(files.map(async (file) => turnOf(await readFile(join(root, file), "utf8"))));
  const having = (turn: Turn) => files.filter((_, i) => turns[i] === turn);
  return { together: [...having("early"), ...having("any")], alone: having("alone") };
}
