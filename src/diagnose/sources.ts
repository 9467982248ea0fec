import { constants, createReadStream } from "node:fs";
import { access, readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { UsageError } from "../run/exit.ts";

/** Something to read a log from. */
export interface Source {
  /** As results show it. */
  name: string;
  open(): Readable;
}

/**
 * What the command line names: files, folders with logs in them at any depth as `aws s3 sync` leaves them, and "-" for
 * standard input. Each once, folders in the order of their names.
 * @throws UsageError for a path that is missing, cannot be read, or has no log in it
 */
export async function sourcesOf(paths: readonly string[]): Promise<Source[]> {
  const sources = new Map<string, Source>();
  for (const path of paths) {
    if (path === "-") sources.set("-", { name: "-", open: () => process.stdin });
    else for (const file of await filesAt(path)) sources.set(resolve(file), fileSource(file));
  }
  return [...sources.values()];
}

const fileSource = (file: string): Source => ({
  name: file,
  open: () => createReadStream(file),
});

async function filesAt(path: string): Promise<string[]> {
  const name = JSON.stringify(path); // keeps a name with a line break on the one line
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${name} cannot be read (${error.code}): give the files or folders of an ALB's access log`);
  });
  const files = found.isDirectory() ? await logsIn(path) : [path];
  if (files.length === 0)
    throw new UsageError(
      `there is no *.log or *.log.gz in ${name}; name the files themselves if they are called otherwise`,
    );
  for (const file of files) {
    await access(file, constants.R_OK).catch(({ code }: NodeJS.ErrnoException) => {
      throw new UsageError(`${JSON.stringify(file)} cannot be read (${code}): check its permissions, or leave it out`);
    });
  }
  return files;
}

async function logsIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory() && IS_LOG.test(entry.name) && !OTHER_LOG.test(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
}

const IS_LOG = /\.log(\.gz)?$/;

/** An ALB's connection and health check logs lie in the same folders. */
const OTHER_LOG = /^(conn_log|health_check_log)[._]/;
