import { createHash } from "node:crypto";
import { closeSync, constants, createReadStream, lstatSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * The file in an --out folder that says what alb502 wrote there: a line for each file, with the sum of its content, as
 * sha256sum has them. Only what stands in it, and still is as it was written, is ever replaced or removed.
 */
export const MARK = ".alb502";

export type Marked = ReadonlyMap<string, readonly string[]>;

/** The sums of each file that the mark of `folder` names; none without a mark. @throws the file system's error */
export function readMark(folder: string): Marked {
  const marked = new Map<string, string[]>();
  for (const line of textOf(join(folder, MARK)).split("\n")) {
    const [, sum, name] = /^([0-9a-f]{64}|-) {2}(.+)$/.exec(line) ?? [];
    // It is a file like any other: what it names must not lead out of the folder.
    if (sum && name && isInside(name)) marked.set(name, [...(marked.get(name) ?? []), sum]);
  }
  return marked;
}

/**
 * Adds a file to the mark, before it is moved to its place: a run killed in between leaves nothing that is not named.
 * @param content null = still being written: whatever it is then; for logs only
 */
export function addToMark(folder: string, name: string, content: string | Uint8Array | null): void {
  addLine(folder, name, content === null ? "-" : sumOf(content));
}

/** The same for a file that is too large to be held in memory. */
export async function addFileToMark(folder: string, name: string, file: string): Promise<void> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  addLine(folder, name, hash.digest("hex"));
}

function addLine(folder: string, name: string, sum: string): void {
  const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants;
  // Appended, as two runs may write to one folder.
  const fd = openSync(join(folder, MARK), O_APPEND | O_CREAT | O_NOFOLLOW | O_WRONLY, 0o600);
  try {
    writeSync(fd, `${sum}  ${name}\n`);
  } finally {
    closeSync(fd);
  }
}

/** Whether the file `name` of `folder` is there and as alb502 wrote it. @throws the file system's error */
export function isOurs(folder: string, name: string, marked: Marked): boolean {
  const sums = marked.get(name) ?? [];
  if (sums.length === 0 || !parentsOf(name).every((parent) => isFolder(join(folder, parent)))) return false;
  const file = join(folder, name);
  if (!lstatSync(file, { throwIfNoEntry: false })?.isFile()) return false;
  return (sums.includes("-") && name.endsWith(".log")) || sums.includes(sumOf(readFileSync(file)));
}

/** The folders in which `name` lies, the innermost first: "a/b/c" in "a/b", "a". */
export function parentsOf(name: string): string[] {
  const parent = dirname(name);
  return parent === "." ? [] : [parent, ...parentsOf(parent)];
}

/** A folder itself, no link to one. */
export const isFolder = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

const isInside = (name: string): boolean => name.split("/").every((part) => !["", ".", ".."].includes(part));

const sumOf = (content: string | Uint8Array): string => createHash("sha256").update(content).digest("hex");

function textOf(file: string): string {
  return lstatSync(file, { throwIfNoEntry: false })?.isFile() ? readFileSync(file, "utf8") : "";
}
