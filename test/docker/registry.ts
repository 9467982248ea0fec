import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { promisify } from "node:util";
import { scratchFolder } from "../parts/scratch.ts";

/**
 * A registry on loopback that has one image of this machine's engine, read only: docker takes one there without TLS.
 * https://distribution.github.io/distribution/spec/api/
 * @returns its host:port, and the image's digest
 */
export async function registryWith(t: TestContext, image: string): Promise<{ host: string; digest: string }> {
  const folder = join(await scratchFolder(t), "image");
  await mkdir(folder);
  await promisify(execFile)("sh", ["-c", `docker save "$1" | tar -x -C "$2"`, "sh", image, folder]);
  const [saved] = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8")) as [
    { Config: string; Layers: string[] },
  ];
  const blobs = new Map<string, Buffer>();
  const blob = async (file: string, mediaType: string) => {
    const bytes = await readFile(join(folder, file));
    const digest = digestOf(bytes);
    blobs.set(digest, bytes);
    return { mediaType, size: bytes.length, digest };
  };
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: await blob(saved.Config, "application/vnd.docker.container.image.v1+json"),
      layers: await Promise.all(
        saved.Layers.map((layer) => blob(layer, "application/vnd.docker.image.rootfs.diff.tar")),
      ),
    }),
  );
  const digest = digestOf(manifest);
  const server = createServer(({ url, method }, response) => {
    const [, kind, reference] = /\/(manifests|blobs)\/([^/]+)$/.exec(url!) ?? [];
    const bytes = kind === "manifests" ? manifest : blobs.get(reference ?? "");
    if (url === "/v2/") return void response.end("{}");
    if (bytes === undefined) return void response.writeHead(404).end();
    response.setHeader("Content-Length", bytes.length);
    response.setHeader("Docker-Content-Digest", digestOf(bytes));
    response.setHeader("Content-Type", kind === "manifests" ? MANIFEST : "application/octet-stream");
    response.end(method === "HEAD" ? undefined : bytes);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, digest };
}

const MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";

const digestOf = (bytes: Buffer): string => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
