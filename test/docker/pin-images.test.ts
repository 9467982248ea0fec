import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { createProgress } from "../../src/run/progress.ts";
import { withRun } from "../../src/run/run.ts";
import { ensureImages, type Image } from "../../src/stage/docker/images.ts";
import { scratchFolder } from "../parts/scratch.ts";
import { docker, type Said } from "./docker.ts";
import { dockerOrSkip } from "./engine.ts";
import { registryWith } from "./registry.ts";

const skip = await dockerOrSkip();
const ROOT = join(import.meta.dirname, "../..");
const FILES = ["docker-compose.yml", ".env.example"] as const;
const TOXIPROXY = "ghcr.io/shopify/toxiproxy:2.12.0";

test("scripts/pin-images.mjs gives each image the digest that its registry has, in both files, and moves it when run again.", {
  skip,
}, async (t) => {
  const { host, digest } = await registryWith(t, TOXIPROXY);
  const image = `${host}/toxiproxy:2.12.0`;
  t.after(() => docker(["image", "rm", image, `${image}@${digest}`]));
  // All of them, as no other registry may be reached from here.
  const { folder, texts } = await copyWith(t, () => image);
  const before = await texts();
  const pinned = before.map((text) => text.replaceAll(image, `${image}@${digest}`));
  assert.deepEqual([(await pin(folder)).code, await texts()], [0, pinned]);
  const again = await pin(folder);
  assert.deepEqual([again.code, again.stderr, await texts()], [0, "", pinned]);
  await writeFile(join(folder, FILES[0]), pinned[0]!.replaceAll(digest, `sha256:${"0".repeat(64)}`));
  await writeFile(join(folder, FILES[1]), pinned[1]!.replaceAll(digest, `sha256:${"0".repeat(64)}`));
  assert.deepEqual([(await pin(folder)).code, await texts()], [0, pinned]);

  // What is pinned is pulled and run as any other image.
  await docker(["image", "rm", image, `${image}@${digest}`]);
  const found: Record<string, Image> = {};
  await withRun(createProgress(process.stderr), async (run) => {
    const images = { haproxy: "", k6: "", node: "", toxiproxy: `${image}@${digest}` };
    Object.assign(found, await ensureImages(run, images, ["toxiproxy"], run.folder));
    return 0;
  });
  assert.deepEqual(found.toxiproxy, { image: `${image}@${digest}`, version: "2.12.0" });
});

test("Where one cannot be pulled nothing is changed: exit 2, and one line.", { skip }, async (t) => {
  const { folder, texts } = await copyWith(t, (image) => `127.0.0.1:1/${image}`);
  const before = await texts();
  const { code, stderr } = await pin(folder);
  assert.equal(code, 2);
  assert.match(stderr, /^pin-images: 127\.0\.0\.1:1\/\S+ cannot be pulled \(.+\); nothing was changed\n$/);
  assert.deepEqual(await texts(), before);
});

/** The two files in a folder of their own, with other images. */
async function copyWith(t: TestContext, other: (image: string) => string) {
  const folder = await scratchFolder(t);
  for (const file of FILES) {
    const text = await readFile(join(ROOT, file), "utf8");
    await writeFile(
      join(folder, file),
      text.replace(/(?<=_IMAGE(?::-|=))[^}\n]+/g, (image) => other(image.replace(/@.*/, ""))),
    );
  }
  return { folder, texts: () => Promise.all(FILES.map((file) => readFile(join(folder, file), "utf8"))) };
}

const pin = (folder: string): Promise<Said> =>
  new Promise((resolve) => {
    execFile(process.execPath, [join(ROOT, "scripts/pin-images.mjs"), folder], (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
