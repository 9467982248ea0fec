import { createHash } from "node:crypto";
import { once } from "node:events";
import { createReadStream, existsSync } from "node:fs";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { ensureParts } from "../../src/parts/ensure-parts.ts";
import { EnvironmentError } from "../../src/run/exit.ts";
import { runToEnd } from "../../src/run/process.ts";
import { ROOT } from "../../src/run/root.ts";
import type { Run } from "../../src/run/run.ts";

/** A mirror of GitHub's releases on this machine. */
export interface Mirror {
  /** What docs/install.md tells to set for it. */
  variables: { ALB502_MIRROR: string; ALB502_RELEASES: string };
  /** The paths that were asked for. */
  asked: string[];
}

/**
 * Serves this machine's own k6 and Toxiproxy where the publishers have theirs, in archives like theirs. Their sums are
 * not those of the publishers, so that a releases.json of its own goes with it.
 * @param folder for it, which the walk's user can read
 */
export async function startMirror(run: Run, folder: string): Promise<Mirror> {
  const parts = await ensureParts(["k6", "toxiproxy"], run.progress, run.signal);
  const releases = JSON.parse(await readFile(join(ROOT, "tools/releases.json"), "utf8")) as Releases;
  const platform = `${process.platform}-${process.arch}`;
  const served = join(folder, "served");
  for (const name of ["k6", "toxiproxy"] as const) {
    const file = releases[name].files[platform];
    if (file === undefined) throw new EnvironmentError(`there is no release of ${name} for ${platform}`);
    const target = join(served, file.path);
    await mkdir(dirname(target), { recursive: true });
    if (file.program === undefined) await copyFile(parts[name].path, target);
    else await archive(parts[name].path, file.program, target, join(folder, name), run.signal);
    file.sha256 = createHash("sha256")
      .update(await readFile(target))
      .digest("hex");
    releases[name].version = parts[name].version;
  }
  const sums = join(folder, "releases.json");
  await writeFile(sums, JSON.stringify(releases));

  const asked: string[] = [];
  const server = createServer(({ url = "/" }, response) => {
    asked.push(url);
    const file = join(served, new URL(url, "http://localhost").pathname);
    if (existsSync(file)) createReadStream(file).pipe(response);
    else response.writeHead(404).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  run.defer(async () => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { variables: { ALB502_MIRROR: `http://127.0.0.1:${port}`, ALB502_RELEASES: sums }, asked };
}

type Releases = Record<"k6" | "toxiproxy", { version: string; files: Record<string, ReleaseFile | undefined> }>;

interface ReleaseFile {
  path: string;
  program?: string;
  sha256: string;
}

/** A .tar.gz with the program at its path in the publisher's. */
async function archive(program: string, path: string, target: string, aside: string, signal: AbortSignal) {
  const inside = join(aside, path);
  await mkdir(dirname(inside), { recursive: true });
  await copyFile(program, inside);
  const { code, output } = await runToEnd("tar", ["-czf", target, "-C", aside, path], { env: process.env, signal });
  if (code !== 0) throw new EnvironmentError(`tar cannot make ${target}: ${output.trim()}`);
}
