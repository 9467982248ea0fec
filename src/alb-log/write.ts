import { createHash } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { unwritten } from "../run/unwritten.ts";
import { formatAlbLine } from "./format.ts";
import type { AlbRequest } from "./lines.ts";
import { ALB_LOG_FOLDER, albLogFileName } from "./names.ts";

/**
 * Writes a run's access log as an ALB delivers it to S3, gzipped, one file for every five minutes:
 * `folder`/alb-access-log/RUN/AWSLogs/...
 * @param folder exists already
 * @returns the files' paths
 * @throws UsageError when it cannot be written
 */
export async function writeAlbLog(folder: string, run: string, requests: readonly AlbRequest[]): Promise<string[]> {
  const root = join(folder, ALB_LOG_FOLDER, run);
  try {
    await rm(root, { recursive: true, force: true }); // an earlier run's would pass for this one's
    const paths: string[] = [];
    for (const [endMs, texts] of byInterval(requests)) {
      const content = texts.map((text) => `${text}\n`).join("");
      const path = join(root, albLogFileName({ run, end: new Date(endMs), random: nameFor(content) }));
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, await promisify(gzip)(content));
      paths.push(path);
    }
    return paths;
  } catch (error) {
    if (!(error as NodeJS.ErrnoException).code) throw error;
    throw unwritten("log", root, error as NodeJS.ErrnoException);
  }
}

const FIVE_MINUTES_MS = 300_000;

function byInterval(requests: readonly AlbRequest[]): Map<number, string[]> {
  const intervals = new Map<number, string[]>();
  for (const { atUs, entry } of requests) {
    const endMs = (Math.floor(atUs / 1000 / FIVE_MINUTES_MS) + 1) * FIVE_MINUTES_MS;
    const texts = intervals.get(endMs) ?? [];
    texts.push(formatAlbLine(entry));
    intervals.set(endMs, texts);
  }
  return intervals;
}

/** In place of AWS's random string: the same log has the same name. */
const nameFor = (content: string): string => createHash("sha256").update(content).digest("hex").slice(0, 8);
