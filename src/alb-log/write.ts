import { createHash } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { keepFiles } from "../run/out-folder.ts";
import { formatAlbLine } from "./format.ts";
import type { AlbRequest } from "./lines.ts";
import { ALB_LOG_FOLDER, albLogFileName } from "./names.ts";

/**
 * Writes a run's access log as an ALB delivers it to S3, gzipped, one file for every five minutes:
 * `folder`/alb-access-log/RUN/AWSLogs/...
 * @returns the files' paths
 * @throws as keepFiles()
 */
export async function writeAlbLog(folder: string, run: string, requests: readonly AlbRequest[]): Promise<string[]> {
  const files: Record<string, Buffer> = {};
  for (const [endMs, texts] of byInterval(requests)) {
    const content = texts.map((text) => `${text}\n`).join("");
    const name = albLogFileName({ run, end: new Date(endMs), random: nameFor(content) });
    files[`${ALB_LOG_FOLDER}/${run}/${name}`] = await promisify(gzip)(content);
  }
  keepFiles(folder, files);
  return Object.keys(files).map((name) => join(folder, name));
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
