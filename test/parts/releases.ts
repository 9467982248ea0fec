import { createHash } from "node:crypto";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { gzipSync } from "node:zlib";
import { environment, scratchFolder } from "./scratch.ts";

/** A server that stands for github.com, on a port of its own. @returns its address */
export async function startMirror(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export const sumOf = (content: Buffer): string => createHash("sha256").update(content).digest("hex");

/** What a test says of a release, in place of tools/releases.json. */
export interface Said {
  version?: string;
  path?: string;
  program?: string;
  sha256: string | null;
}

/** A cache and a PATH without anything, and a file in place of tools/releases.json; the other part has no sum in it. */
export async function fetching(t: TestContext, mirror: string, said: { k6?: Said; toxiproxy?: Said }) {
  const folder = await scratchFolder(t);
  const part = ({ version = "2.2.0", ...file }: Said = { sha256: null }) => ({
    version,
    checksums: "",
    files: { [`${process.platform}-${process.arch}`]: { path: "a/k6", ...file } },
  });
  const releases = join(folder, "releases.json");
  await writeFile(releases, JSON.stringify({ k6: part(said.k6), toxiproxy: part(said.toxiproxy) }));
  const env = environment({ PATH: "", XDG_CACHE_HOME: folder, ALB502_MIRROR: mirror, ALB502_RELEASES: releases });
  return { env, releases, cache: join(folder, "alb502") };
}

/** A program that says the version of k6 that it is given. */
export const saying = (version: string): Buffer => Buffer.from(`#!/bin/sh\necho "k6 v${version} (go1.26.5, any)"\n`);

/** A tar.gz with these files, whatever their names are; a string is the target of a link. */
export function archive(files: Record<string, Buffer | string>): Buffer {
  const blocks = Object.entries(files).flatMap(([name, content]) => {
    const [bytes, type, link] = typeof content === "string" ? [Buffer.alloc(0), "2", content] : [content, "0", ""];
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write(`000755 \0${"0".repeat(6)} \0${"0".repeat(6)} \0`, 100);
    header.write(`${bytes.length.toString(8).padStart(11, "0")} ${"0".repeat(11)} `, 124);
    header.write(`        ${type}${link}`, 148);
    header.write("ustar\x0000", 257);
    const sum = header.reduce((all, byte) => all + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}
