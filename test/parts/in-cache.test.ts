import assert from "node:assert/strict";
import { chmod, readdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { MAKING_FOLDERS } from "../../src/parts/cache.ts";
import { inCache } from "../../src/parts/in-cache.ts";
import { scratchFolder } from "./scratch.ts";

async function emptyCache(t: TestContext) {
  const XDG_CACHE_HOME = await scratchFolder(t);
  return { cache: join(XDG_CACHE_HOME, "alb502"), env: { XDG_CACHE_HOME } };
}

test("A folder of the cache is filled once, in one aside that the next run would remove, and holds nothing else.", async (t) => {
  const { cache, env } = await emptyCache(t);
  let fills = 0;
  const fill = async (folder: string) => {
    fills += 1;
    const aside = dirname(folder);
    assert.match(basename(aside), MAKING_FOLDERS);
    assert.ok((await readdir(aside)).includes("owner.json"));
    await writeFile(join(folder, "program"), "");
  };
  await Promise.all([inCache("thing", fill, env), inCache("thing", fill, env)]);
  assert.equal(await inCache("thing", fill, env), join(cache, "thing"));
  assert.equal(fills, 2, "two that began together; the third finds it");
  assert.deepEqual([await readdir(cache), await readdir(join(cache, "thing"))], [["thing"], ["program"]]);
});

test("Nothing of a try that failed is kept.", async (t) => {
  const { cache, env } = await emptyCache(t);
  const fill = () => Promise.reject(new Error("no network"));
  await assert.rejects(inCache("thing", fill, env), { message: "no network" });
  assert.deepEqual(await readdir(cache), []);
});

test("What others may write to is not used: exit code 2.", async (t) => {
  const { cache, env } = await emptyCache(t);
  await inCache("thing", async () => {}, env);
  await chmod(join(cache, "thing"), 0o777);
  await assert.rejects(inCache("thing", assert.fail, env), {
    name: "EnvironmentError",
    message: /^no program of .*thing is run, as others may write to .*thing \(chmod go-w /,
  });
});
