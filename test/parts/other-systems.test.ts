import assert from "node:assert/strict";
import { test } from "node:test";
import { haproxyCommand } from "../../src/parts/install-haproxy.ts";
import { commandToGet } from "../../src/parts/install-with-apt.ts";
import { releaseOf } from "../../src/parts/releases.ts";
import { environment, scratchFolder, script } from "./scratch.ts";

test("On a Mac HAProxy comes from Homebrew, and releases are those for macOS, in zip archives.", async (t) => {
  setPlatform(t, "darwin", "arm64");
  assert.equal(await haproxyCommand(environment({ PATH: "" })), "brew install haproxy");
  const [k6, toxiproxy] = [releaseOf("k6", {}), releaseOf("toxiproxy", {})];
  assert.ok("path" in k6 && "path" in toxiproxy);
  assert.match(k6.path, /\/k6-v[\d.]+-macos-arm64\.zip$/);
  assert.match(k6.program!, /^k6-v[\d.]+-macos-arm64\/k6$/);
  assert.match(toxiproxy.path, /\/toxiproxy-server-darwin-arm64$/);
  assert.equal(toxiproxy.program, null);
});

test("On a Linux without apt-get the command is that of its own package manager, where it is known.", async (t) => {
  const folder = await scratchFolder(t);
  const env = environment({ PATH: folder });
  const wanted = { apt: "haproxy", mac: "", elsewhere: "haproxy", byHand: "by hand" };
  assert.equal(await commandToGet(wanted, env), "by hand");
  await script(folder, "apk", "");
  assert.equal(await commandToGet(wanted, env), "apk add haproxy, as root");
  await script(folder, "dnf", "");
  assert.equal(await commandToGet(wanted, env), "dnf install haproxy, as root");
});

function setPlatform(t: { after(undo: () => void): void }, platform: NodeJS.Platform, arch: NodeJS.Architecture): void {
  for (const [name, value] of Object.entries({ platform, arch })) {
    const before = Object.getOwnPropertyDescriptor(process, name)!;
    Object.defineProperty(process, name, { ...before, value });
    t.after(() => Object.defineProperty(process, name, before));
  }
}
