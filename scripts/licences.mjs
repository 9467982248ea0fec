#!/usr/bin/env node
// The licence of everything that alb502 installs or builds: the npm packages of package-lock.json, and the Go modules in
// k6 and Toxiproxy. Prints them by licence; exit code 1 where one is not among those below.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Each may be used, changed and passed on by anybody, with its text. MPL-2.0 asks for changes to its own files only. */
const ALLOWED = ["0BSD", "Apache-2.0", "BlueOak-1.0.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MPL-2.0"];

/** Beyond those, and why. */
const EXCEPTIONS = {
  // k6: a program of its own that is built on the user's machine, unchanged, and started. Nothing here is linked to it.
  "go.k6.io/k6/v2": "AGPL-3.0",
  "github.com/grafana/k6provider": "AGPL-3.0",
  "github.com/grafana/xk6-dashboard-assets": "AGPL-3.0",
  // Generated from Prometheus' own files, which are Apache-2.0; the generator adds no licence's text.
  "buf.build/gen/go/prometheus/prometheus/protocolbuffers/go": "none",
};

function main() {
  const found = [...npmPackages(), ...goModules()];
  const byLicence = Map.groupBy?.(found, ({ licence }) => licence) ?? grouped(found);
  for (const [licence, all] of [...byLicence].sort()) {
    console.log(`${licence}: ${all.length}\n  ${all.map(({ name, version }) => `${name} ${version}`).join("\n  ")}`);
  }
  const refused = found.filter((one) => !isAllowed(one));
  for (const { name, licence } of refused) console.error(`licences: ${name} has ${licence}, which is not allowed yet`);
  console.log(`${found.length} packages, ${refused.length} with a licence that is not allowed`);
  return refused.length === 0 ? 0 : 1;
}

function grouped(found) {
  const groups = new Map();
  for (const one of found) groups.set(one.licence, [...(groups.get(one.licence) ?? []), one]);
  return groups;
}

/** @param {{ name: string, licence: string }} found licence: an SPDX expression without parentheses */
export function isAllowed({ name, licence }) {
  if (EXCEPTIONS[name] === licence) return true;
  return licence.split(" OR ").some((choice) => choice.split(" AND ").every((one) => ALLOWED.includes(one)));
}

function npmPackages() {
  const { packages } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8"));
  return Object.entries(packages)
    .filter(([path]) => path !== "")
    .map(([path, { version, license }]) => ({
      name: path.replace(/^.*node_modules\//, ""),
      version,
      licence: (license ?? "none").replace(/[()]/g, ""),
    }));
}

/** Those whose code is in the programs, not all that go.sum names. */
function goModules() {
  const format = "{{with .Module}}{{.Path}} {{.Version}} {{.Dir}}{{end}}";
  const programs = ["go.k6.io/k6/v2", "github.com/Shopify/toxiproxy/v2/cmd/server"];
  const listed = spawnSync("go", ["list", "-mod=readonly", "-deps", "-f", format, ...programs], {
    cwd: join(ROOT, "tools"),
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (listed.status !== 0) throw new Error(`go list failed: ${listed.stderr || listed.error}`);
  const lines = new Set(listed.stdout.split("\n").filter((line) => line.split(" ").length === 3));
  return [...lines].map((line) => {
    const [name, version, folder] = line.split(" ");
    return { name, version, licence: licenceIn(folder) };
  });
}

function licenceIn(folder) {
  const files = readdirSync(folder).filter((file) => /^(un)?licen[cs]e|^copying/i.test(file));
  const names = new Set(files.map((file) => nameOf(readFileSync(join(folder, file), "utf8"))));
  names.delete(null);
  return names.size > 0 ? [...names].sort().join(" AND ") : files.length > 0 ? "unknown" : "none";
}

/** By phrases that only that licence has. @param {string} text @returns {string | null} its SPDX name */
export function nameOf(text) {
  const words = text.replace(/\s+/g, " ");
  const [name] = PHRASES.find(([, phrase]) => phrase.test(words)) ?? [null];
  return name;
}

const PHRASES = [
  // Before those that it names as secondary ones.
  ["MPL-2.0", /Mozilla Public License,? (Version|v\.) ?2\.0/i],
  ["AGPL-3.0", /GNU AFFERO GENERAL PUBLIC LICENSE/i],
  ["LGPL", /GNU LESSER GENERAL PUBLIC LICENSE/i],
  ["GPL", /GNU GENERAL PUBLIC LICENSE/i],
  ["Apache-2.0", /Apache License,? Version 2\.0/i],
  ["ISC", /Permission to use, copy, modify, and(\/or)? distribute this software for any purpose with or without fee/i],
  ["MIT", /Permission is hereby granted, free of charge, to any person obtaining a copy/i],
  ["BSD-3-Clause", /Redistribution and use in source and binary forms.*(endorse or promote|contributors may)/i],
  ["BSD-2-Clause", /Redistribution and use in source and binary forms/i],
];

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = main();
