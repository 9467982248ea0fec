import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** Whether a test file may share the machine, and when it begins. */
export type Turn = "early" | "any" | "quiet";

/**
 * What a test file asks for, in a line of its own: `// npm test: quiet, since it holds a close to 10 ms`. Without one it runs
 * beside others in any order: what it waits for is counted in seconds, or it waits for nothing.
 *
 * - `quiet`: at the end, with the machine to itself. For what is measured in milliseconds.
 * - `early`: from the beginning on, some at a time, since it waits for long and others can run meanwhile.
 */
export function turnOf(source: string): Turn {
  const [, turn] = /^\/\/ npm test: (quiet|early), since \S.*$/m.exec(source) ?? [];
  return (turn as Turn | undefined) ?? "any";
}

/** The files by when they run. Those in containers, which cost the most to start, are spread among the early ones. */
export async function inTurn(root: string, files: readonly string[]): Promise<Record<Turn, string[]>> {
  const turns = await Promise.all(files.map(async (file) => turnOf(await readFile(join(root, file), "utf8"))));
  const having = (turn: Turn) => files.filter((_, i) => turns[i] === turn);
  return {
    early: spread(having("early"), (file) => file.includes("/docker/")),
    any: having("any"),
    quiet: having("quiet"),
  };
}

/** Those that are `costly` evenly among the others, the others first. */
function spread(files: readonly string[], costly: (file: string) => boolean): string[] {
  const [few, many] = [files.filter(costly), files.filter((file) => !costly(file))];
  const place = (list: readonly string[]) => list.map((file, i) => ({ file, at: (i + 1) / (list.length + 1) }));
  return [...place(many), ...place(few)].sort((a, b) => a.at - b.at).map(({ file }) => file);
}
