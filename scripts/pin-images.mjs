#!/usr/bin/env node
// Pins the images of docker-compose.yml and .env.example: NAME:TAG becomes NAME:TAG@sha256:..., the digest that the
// registry has for that tag now. Run it again to move them; for another version, change the tag first.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

process.exitCode = pin(process.argv[2] ?? fileURLToPath(new URL("..", import.meta.url)));

/** @param {string} root the folder with the two files @returns {number} the exit code */
function pin(root) {
  const compose = readFileSync(join(root, "docker-compose.yml"), "utf8");
  const images = new Set([...compose.matchAll(/\$\{\w+_IMAGE:-([^}]+)\}/g)].map(([, image]) => image));
  const pinned = new Map();
  for (const image of images) {
    const { digest, problem } = digestOf(image.replace(/@.*/, ""));
    if (problem) {
      console.error(`pin-images: ${problem}; nothing was changed`);
      return 2;
    }
    pinned.set(image, `${image.replace(/@.*/, "")}@${digest}`);
  }
  for (const file of ["docker-compose.yml", ".env.example"]) {
    const text = readFileSync(join(root, file), "utf8");
    writeFileSync(
      join(root, file),
      [...pinned].reduce((all, [from, to]) => replaced(all, from, to), text),
    );
  }
  for (const [from, to] of pinned) console.log(from === to ? `${to}: as before` : `${from} -> ${to}`);
  return 0;
}

/** Where an image ends, a line or a variable does: a tag may begin as another one's. */
function replaced(text, from, to) {
  const escaped = from.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  return text.replace(new RegExp(`${escaped}(?=\\}|$)`, "gm"), to);
}

/** Of the list of all its platforms, as `docker pull` finds it in the registry. */
function digestOf(image) {
  const pulled = docker("pull", "--quiet", image);
  if (pulled.status !== 0) return { problem: `${image} cannot be pulled (${lastLine(pulled)})` };
  const inspected = docker("image", "inspect", "--format", "{{json .RepoDigests}}", image);
  const repository = image.replace(/:[^:/]*$/, "");
  const found = JSON.parse(inspected.stdout || "[]").find((one) => one.startsWith(`${repository}@`));
  return found ? { digest: found.slice(repository.length + 1) } : { problem: `${image} has no digest of a registry` };
}

function docker(...args) {
  return spawnSync("docker", args, { encoding: "utf8", timeout: 30 * 60_000 });
}

function lastLine({ stderr, error }) {
  return (stderr ?? "").trim().split("\n").at(-1) || String(error ?? "it does not say why");
}
