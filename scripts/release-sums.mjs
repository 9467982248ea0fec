#!/usr/bin/env node
// Brings tools/releases.json to the versions that tools/go.mod pins: each path, and the SHA-256 sum that the publisher's
// own file of sums has for it. Run it after a version was changed in go.mod, read the difference, then commit it.
//   node scripts/release-sums.mjs           writes tools/releases.json
//   node scripts/release-sums.mjs --check   changes nothing; exit 1 where it is not what the publishers say
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const MODULES = { k6: "go.k6.io/k6/v2", toxiproxy: "github.com/Shopify/toxiproxy/v2" };

const { values } = parseArgs({
  options: {
    check: { type: "boolean", default: false },
    // For its test: what stands for GitHub, and the folder of the repository.
    from: { type: "string", default: "https://github.com" },
    root: { type: "string", default: fileURLToPath(new URL("..", import.meta.url)) },
  },
});
process.exitCode = await bring(join(values.root, "tools"), values.from, values.check).catch((error) => {
  console.error(`release-sums: ${error.message}; nothing was changed`);
  return 2;
});

/** @returns {Promise<number>} the exit code */
async function bring(tools, from, check) {
  const file = join(tools, "releases.json");
  const before = readFileSync(file, "utf8");
  const goMod = readFileSync(join(tools, "go.mod"), "utf8");
  const releases = JSON.parse(before);
  for (const [name, part] of Object.entries(releases)) {
    releases[name] = await withSums(moved(part, pinned(goMod, MODULES[name])), from);
    for (const { path, sha256 } of Object.values(releases[name].files))
      console.log(`${sha256 ?? "no sum".padEnd(64)}  ${path}`);
  }
  const after = `${JSON.stringify(releases, null, 2)}\n`;
  if (after === before) return 0;
  if (check) {
    console.error("release-sums: tools/releases.json is not what the publishers say now: run it without --check");
    return 1;
  }
  writeFileSync(file, after);
  return 0;
}

function pinned(goMod, module) {
  const [, version] =
    goMod.match(new RegExp(`^\\s*${module.replaceAll(".", "\\.")} v(\\d+\\.\\d+\\.\\d+)\\b`, "m")) ?? [];
  if (version === undefined) throw new Error(`tools/go.mod has no version of ${module}`);
  return version;
}

/** The same part with another version in all its paths, which name it after a "v". */
function moved(part, version) {
  return JSON.parse(JSON.stringify({ ...part, version }).replaceAll(`v${part.version}`, `v${version}`));
}

/** A platform that the publisher has no file for has null. */
async function withSums(part, from) {
  const url = `${from}/${part.checksums}`;
  const response = await fetch(url, { signal: AbortSignal.timeout(60_000) });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  const text = await response.text();
  const sums = new Map([...text.matchAll(/^([0-9a-f]{64}) [ *](.+)$/gm)].map(([, sum, file]) => [file, sum]));
  if (sums.size === 0) throw new Error(`${url} has no sums in it`);
  const files = Object.entries(part.files).map(([platform, file]) => [
    platform,
    { ...file, sha256: sums.get(file.path.split("/").at(-1)) ?? null },
  ]);
  return { ...part, files: Object.fromEntries(files) };
}
