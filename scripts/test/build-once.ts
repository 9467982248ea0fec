import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import * as esbuild from "esbuild";

/**
 * Stands for esbuild's build() in what npm test has bundled. Each stage bundles the same scenarios and the same target app,
 * half a second of a core, and no source changes while the tests run: the first build of each is kept for the others.
 */
export async function build(options: esbuild.BuildOptions): Promise<unknown> {
  const { ALB502_TEST_PROGRAMS: programs } = process.env;
  if (programs === undefined || options.write === false) return esbuild.build(options);
  const { outdir, outfile, ...rest } = options;
  const name = outfile && basename(outfile);
  const key = createHash("sha256")
    .update(JSON.stringify([rest, name]))
    .digest("hex")
    .slice(0, 16);
  const kept = join(programs, "built", key);
  if (!existsSync(kept)) await keep(kept, rest, name);
  // Where there is no room for it, that is esbuild's to say.
  return copyAll(kept, outdir ?? dirname(outfile!)).catch(() => esbuild.build(options));
}

/** Whole or not at all: others look for it meanwhile. */
async function keep(kept: string, options: esbuild.BuildOptions, name: string | undefined): Promise<void> {
  await mkdir(dirname(kept), { recursive: true });
  const folder = await mkdtemp(`${kept}-`);
  await esbuild.build({ ...options, ...(name ? { outfile: join(folder, name) } : { outdir: folder }) });
  // Where another process was faster, its files are the same.
  await rename(folder, kept).catch(() => rm(folder, { recursive: true }));
}

async function copyAll(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const file of await readdir(from)) await copyFile(join(from, file), join(to, file));
}
