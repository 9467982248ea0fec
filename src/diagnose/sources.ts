import { createReadStream, type Stats, statSync } from "node:fs";
import { access, constants, readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { called } from "../run/called.ts";
import { UsageError } from "../run/exit.ts";
import { shownFile } from "./show.ts";

/** Something to read a log from. */
export interface Source {
  /** As results show it. */
  name: string;
  open(): Readable;
  /** The file, which can be opened again, and by another thread; undefined for standard input. */
  path?: string;
  /** Of the file, bytes. */
  size?: number;
}

/**
 * What the command line names: files, folders with logs in them at any depth as `aws s3 sync` leaves them, and "-" for
 * standard input. Each once, folders in the order of their names. In a folder, what is no file is left out.
 * @throws UsageError for a path that is missing, cannot be read, is no file, or has no log in it
 */
export async function sourcesOf(paths: readonly string[]): Promise<Source[]> {
  const sources = new Map<string, Source>();
  for (const path of paths) {
    if (path === "-" || path === "/dev/stdin") sources.set("-", { name: "-", open: () => process.stdin });
    else for (const file of await filesAt(path)) sources.set(resolve(file.path), fileSource(file));
  }
  return [...sources.values()];
}

interface File {
  path: string;
  size: number;
}

export const fileSource = ({ path, size }: File): Source => ({
  name: shownFile(path),
  open: () => createReadStream(path, { highWaterMark: READ_BYTES }),
  path,
  size,
});

const READ_BYTES = 128 * 1024;

async function filesAt(path: string): Promise<File[]> {
  const name = shownFile(JSON.stringify(path)); // keeps a name with a line break on the one line
  const found = statOf(path);
  if ("code" in found)
    throw new UsageError(`${name} cannot be read (${found.code}): give the files or folders of an ALB's access log`);
  if (found.isDirectory()) return logsIn(path, name);
  if (!found.isFile())
    throw new UsageError(
      `${name} is ${kindOf(found)}, not a file: give files and folders, or send it to standard input: ${called("diagnose", "-")}`,
    );
  await access(path, constants.R_OK).catch(({ code }: NodeJS.ErrnoException) => {
    throw new UsageError(`${name} cannot be read (${code}): check its permissions, or leave it out`);
  });
  return [{ path, size: found.size }];
}

async function logsIn(folder: string, name: string): Promise<File[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    ({ code, path }: NodeJS.ErrnoException) => {
      throw new UsageError(
        `${shownFile(JSON.stringify(path ?? folder))} cannot be read (${code}): check its permissions, or name the files themselves`,
      );
    },
  );
  const paths = entries
    .filter((entry) => !entry.isDirectory() && IS_LOG.test(entry.name) && !OTHER_LOG.test(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
  // Of a symbolic link, what it leads to. One that leads nowhere is told when it is opened.
  const files = paths.flatMap((path): File[] => {
    const found = statOf(path);
    if ("code" in found) return [{ path, size: 0 }];
    return found.isFile() ? [{ path, size: found.size }] : [];
  });
  if (files.length > 0) return files;
  throw new UsageError(
    `there is no *.log or *.log.gz in ${name}; name the files themselves if they are called otherwise`,
  );
}

function statOf(path: string): Stats | { code: string } {
  try {
    return statSync(path);
  } catch (error) {
    return { code: (error as NodeJS.ErrnoException).code ?? "unknown" };
  }
}

function kindOf(found: Stats): string {
  if (found.isFIFO()) return "a FIFO";
  if (found.isSocket()) return "a socket";
  return "a device";
}

/** An ALB's own logs, JSON with an object each line, and what CloudWatch exports to S3. */
const IS_LOG = /\.(log|jsonl|ndjson)(\.gz)?$|\.json\.gz$|^\d{6}\.gz$/;

/** An ALB's connection and health check logs lie in the same folders. */
const OTHER_LOG = /^(conn_log|health_check_log)[._]/;
