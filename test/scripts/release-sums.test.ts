import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { startMirror } from "../parts/releases.ts";
import { scratchFolder } from "../parts/scratch.ts";

const ROOT = join(import.meta.dirname, "../..");
const OURS = join(ROOT, "tools/releases.json");

type Releases = Record<
  string,
  { version: string; checksums: string; files: Record<string, { path: string; sha256: string | null }> }
>;

test("scripts/release-sums.mjs leaves tools/releases.json as it is where the publishers say the same.", async (t) => {
  const { root, sums, from } = await publishers(t, await readFile(join(ROOT, "tools/go.mod"), "utf8"));
  const before = await readFile(OURS, "utf8");
  for (const { checksums, files } of Object.values(JSON.parse(before) as Releases)) {
    const lines = Object.values(files).map(({ path, sha256 }) => `${sha256}  ${path.split("/").at(-1)}\n`);
    sums.set(`/${checksums}`, `${"0".repeat(64)}  other.deb\n${lines.join("")}`);
  }
  const { code, stderr } = await run("--check", "--root", root, "--from", from);
  assert.deepEqual([code, stderr], [0, ""]);
  assert.equal((await run("--root", root, "--from", from)).code, 0);
  assert.equal(await readFile(join(root, "tools/releases.json"), "utf8"), before);
});

test("It moves to the versions of go.mod with their sums, has null where there is none, and --check tells: exit 1.", async (t) => {
  const goMod =
    "require (\n\tgithub.com/Shopify/toxiproxy/v2 v2.13.0 // indirect\n\tgo.k6.io/k6/v2 v2.9.10 // indirect\n)\n";
  const { root, sums, from } = await publishers(t, goMod);
  sums.set(
    "/grafana/k6/releases/download/v2.9.10/k6-v2.9.10-checksums.txt",
    `${"a".repeat(64)}  k6-v2.9.10-linux-amd64.tar.gz\n`,
  );
  sums.set(
    "/Shopify/toxiproxy/releases/download/v2.13.0/checksums.txt",
    `${"b".repeat(64)} *toxiproxy-server-linux-arm64\n`,
  );
  const file = join(root, "tools/releases.json");
  const before = await readFile(file, "utf8");
  assert.equal((await run("--check", "--root", root, "--from", from)).code, 1);
  assert.equal(await readFile(file, "utf8"), before);
  const { code, stderr } = await run("--root", root, "--from", from);
  assert.deepEqual([code, stderr], [0, ""]);
  const { k6, toxiproxy } = JSON.parse(await readFile(file, "utf8")) as Releases;
  assert.deepEqual([k6!.version, toxiproxy!.version], ["2.9.10", "2.13.0"]);
  assert.deepEqual(k6!.files["linux-x64"], {
    path: "grafana/k6/releases/download/v2.9.10/k6-v2.9.10-linux-amd64.tar.gz",
    program: "k6-v2.9.10-linux-amd64/k6",
    sha256: "a".repeat(64),
  });
  assert.equal(k6!.files["darwin-x64"]!.sha256, null);
  assert.equal(toxiproxy!.files["linux-arm64"]!.sha256, "b".repeat(64));
});

test("Where a file of sums cannot be had, or is none, nothing is changed: exit 2, and one line.", async (t) => {
  const { root, sums, from } = await publishers(t, await readFile(join(ROOT, "tools/go.mod"), "utf8"));
  const { k6 } = JSON.parse(await readFile(OURS, "utf8")) as Releases;
  const failing = async () => {
    const { code, stderr } = await run("--root", root, "--from", from);
    assert.equal(code, 2);
    assert.equal(await readFile(join(root, "tools/releases.json"), "utf8"), await readFile(OURS, "utf8"));
    return stderr;
  };
  assert.equal(await failing(), `release-sums: ${from}/${k6!.checksums} answers 404; nothing was changed\n`);
  sums.set(`/${k6!.checksums}`, "<html>");
  assert.equal(await failing(), `release-sums: ${from}/${k6!.checksums} has no sums in it; nothing was changed\n`);
});

/** A copy of tools/releases.json beside this go.mod, and a server with what is put into `sums`. */
async function publishers(t: TestContext, goMod: string) {
  const root = await scratchFolder(t);
  await mkdir(join(root, "tools"));
  await writeFile(join(root, "tools/go.mod"), goMod);
  await writeFile(join(root, "tools/releases.json"), await readFile(OURS));
  const sums = new Map<string, string>();
  const from = await startMirror(t, ({ url }, response) => {
    const text = sums.get(url!);
    response.writeHead(text === undefined ? 404 : 200).end(text);
  });
  return { root, sums, from };
}

const run = (...args: string[]) =>
  new Promise<{ code: number; stderr: string }>((resolve) => {
    const child = execFile(process.execPath, [join(ROOT, "scripts/release-sums.mjs"), ...args], (_, __, stderr) =>
      resolve({ code: child.exitCode ?? -1, stderr }),
    );
  });
