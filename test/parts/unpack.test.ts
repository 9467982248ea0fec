import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { unpack } from "../../src/parts/unpack.ts";
import { onPath } from "../../src/run/on-path.ts";
import { scratchFolder } from "./scratch.ts";

const MOST = 1_000_000;

test("The one file is read from what tar and zip make, packed and stored.", async (t) => {
  const { folder, content } = await files(t);
  const path = "k6-v2/k6";
  execFileSync("tar", ["-C", folder, "-czf", join(folder, "a.tar.gz"), "k6-v2"]);
  assert.deepEqual(await unpack(await readFile(join(folder, "a.tar.gz")), "a.tar.gz", path, MOST), { content });
  execFileSync("tar", ["-C", folder, "--format=pax", "-czf", join(folder, "b.tar.gz"), "./k6-v2"]);
  assert.deepEqual(await unpack(await readFile(join(folder, "b.tar.gz")), "b.tar.gz", path, MOST), { content });
  if ((await onPath("zip", process.env)).length === 0) return t.diagnostic("no zip here: only tar was tried");
  for (const level of ["-0", "-9"]) {
    const file = join(folder, `c${level}.zip`);
    execFileSync("zip", [level, "-q", "-r", file, "k6-v2"], { cwd: folder });
    const zip = await readFile(file);
    assert.deepEqual(await unpack(zip, file, path, MOST), { content });
    assert.deepEqual(await unpack(zip, file, "k6-v2/no", MOST), { problem: "has no file k6-v2/no" });
    assert.match(
      problemIn(await unpack(zip.subarray(0, 1000), file, path, MOST)),
      /^cannot be unpacked \(it is no zip/,
    );
    if (level === "-9") {
      assert.match(problemIn(await unpack(zip, file, path, 100)), /^cannot be unpacked \(.*larger than 100 bytes\)$/);
    }
  }
});

test("An archive that was cut or changed at random gives a file or a reason, never a throw.", async (t) => {
  const { folder } = await files(t);
  execFileSync("tar", ["-C", folder, "-cf", join(folder, "a.tar"), "k6-v2"]);
  const tar = await readFile(join(folder, "a.tar"));
  const archives: [string, Buffer][] = [["a.tar.gz", execFileSync("gzip", ["-c"], { input: tar })]];
  if ((await onPath("zip", process.env)).length > 0) {
    execFileSync("zip", ["-q", "-r", join(folder, "a.zip"), "k6-v2"], { cwd: folder });
    archives.push(["a.zip", await readFile(join(folder, "a.zip"))]);
  }
  for (const [name, archive] of archives) {
    for (let i = 0; i < 200; i++) {
      const changed = Buffer.from(archive.subarray(0, archive.length - (i % 5)));
      changed[(i * 7919) % changed.length] = (i * 31) % 256;
      const unpacked = await unpack(changed, name, "k6-v2/k6", MOST);
      assert.ok("content" in unpacked || unpacked.problem.length > 0);
    }
  }
});

const problemIn = (unpacked: object): string => ("problem" in unpacked ? String(unpacked.problem) : "");

async function files(t: TestContext) {
  const folder = await scratchFolder(t);
  await mkdir(join(folder, "k6-v2"));
  const content = Buffer.from(Array.from({ length: 3000 }, (_, i) => `${i} `).join(""));
  await writeFile(join(folder, "k6-v2/README.md"), "text");
  await writeFile(join(folder, "k6-v2/k6"), content);
  return { folder, content };
}
