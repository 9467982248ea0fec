import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { findWireshark } from "../../evidence/capture/wireshark.ts";
import { goNeeded } from "../../parts/build-with-go.ts";
import { cacheFolder, recipe } from "../../parts/cache.ts";
import { shown } from "../../parts/download.ts";
import { findGo, type Go } from "../../parts/find-go.ts";
import { findPart } from "../../parts/find-part.ts";
import { haproxyCommand } from "../../parts/install-haproxy.ts";
import { PARTS, type Part } from "../../parts/part.ts";
import { mirrorOf, type ReleasedName, releaseOf } from "../../parts/releases.ts";
import { EnvironmentError } from "../../run/exit.ts";
import { IN_PACKAGE } from "../../run/in-package.ts";
import { onPath } from "../../run/on-path.ts";
import { ROOT } from "../../run/root.ts";
import type { Run } from "../../run/run.ts";
import { findEngine } from "../../stage/docker/engine.ts";
import { removeLeftBehind } from "../../stage/left-behind.ts";
import { DOCTOR_SCHEMA, type DoctorReport, type Finding } from "./result.ts";

/** Looks at every part, and removes what a killed run has left behind. */
export async function runDoctor({ signal }: Pick<Run, "signal">): Promise<DoctorReport> {
  const found = await examineParts();
  return { ...found, removed: await removeLeftBehind(found.docker, signal) };
}

/** Looks at every part that a command needs or can use; installs nothing. */
export async function examineParts(env: NodeJS.ProcessEnv = process.env): Promise<Omit<DoctorReport, "removed">> {
  const go = await findGo(env);
  const [packages, haproxy, k6, toxiproxy, docker, capture] = await Promise.all([
    Promise.all((IN_PACKAGE ? [] : Object.keys(PACKAGE_PURPOSES)).map(npmPackage)),
    findHaproxy(env),
    findGot("k6", "k6", go, env),
    findGot("toxiproxy", "Toxiproxy", go, env),
    findDocker(env),
    findCapture(env),
  ]);
  const node = { version: process.versions.node, path: process.execPath, get: null };
  const parts: Finding[] = [
    { name: "Node", purpose: "runs the commands and the target", status: "found", ...node },
    ...packages,
    haproxy,
    k6,
    toxiproxy,
    describeGo(go, [k6, toxiproxy]),
    docker,
    capture,
  ];
  const native = parts.every(({ status }) => status !== "missing");
  const inDocker = docker.status === "found";
  return { schema: DOCTOR_SCHEMA, ok: native || inDocker, native, docker: inDocker, parts };
}

/** Of a clone; what the package needs of them is bundled into it. */
const PACKAGE_PURPOSES: Readonly<Record<string, string>> = {
  esbuild: "bundles scenarios and target",
  express: "the target app's framework",
  typescript: "checks types in npm test",
};

async function npmPackage(name: string): Promise<Finding> {
  const path = join(ROOT, "node_modules", name);
  const { version } = JSON.parse(await readFile(join(path, "package.json"), "utf8")) as { version: string };
  return { name, purpose: PACKAGE_PURPOSES[name]!, status: "found", version, path, get: null };
}

async function findHaproxy(env: NodeJS.ProcessEnv): Promise<Finding> {
  const found = await findPart("haproxy", env);
  const base = { name: "HAProxy", purpose: PARTS.haproxy.purpose };
  if ("path" in found) return { ...base, ...foundPart(found) };
  const command = found.named ? `fix or unset ${PARTS.haproxy.variable}` : await haproxyCommand(env);
  const get = command ?? "will be installed on first use: apt-get install haproxy";
  const status = command === null ? "on-first-use" : "missing";
  return { ...base, status, version: null, path: null, get: `${found.problem}; ${get}` };
}

async function findGot(
  name: ReleasedName,
  title: string,
  go: Go | { problem: string },
  env: NodeJS.ProcessEnv,
): Promise<Finding> {
  const found = await findPart(name, env);
  const base = { name: title, purpose: PARTS[name].purpose };
  if ("path" in found) return { ...base, ...foundPart(found) };
  const nothing = { ...base, version: null, path: null };
  if (found.named) {
    return { ...nothing, status: "missing", get: `${found.problem}; fix or unset ${PARTS[name].variable}` };
  }
  const release = releaseOf(name, env);
  const mirror = mirrorOf(env);
  const { version, duration } = await recipe(name, env);
  const built = "path" in go ? `built with Go ${go.version} (${duration})` : null;
  if ("path" in release && mirror !== null) {
    const from = `${release.version} will be fetched on first use from ${shown(new URL(release.path, mirror))}`;
    const into = `into ${dirname(release.cached)}`;
    const get = `${found.problem}; ${from}${built ? `, else ${built},` : ""} ${into}`;
    return { ...nothing, status: "on-first-use", get };
  }
  const why = "problem" in release ? release.problem : "ALB502_MIRROR is off";
  const unfetched = `${found.problem}, and its release is not fetched, as ${why}`;
  if ("problem" in go) {
    return { ...nothing, status: "missing", get: `${unfetched}; ${goNeeded(name, go.problem)}` };
  }
  const get = `${unfetched}; ${version} will be ${built} on first use, into ${cacheFolder(env)}`;
  return { ...nothing, status: "on-first-use", get };
}

function foundPart({ version, path, origin }: Part) {
  // The others are never found, but installed or in an image.
  const from = origin === "installed" || origin === "image" ? null : origin;
  return { status: "found" as const, version, path, origin: from, get: null };
}

function describeGo(go: Go | { problem: string }, parts: Finding[]): Finding {
  const base = { name: "Go", purpose: "builds k6 and Toxiproxy, where need be" };
  if ("path" in go) return { ...base, status: "found", version: go.version, path: go.path, get: null };
  const needed = parts.some(({ status }) => status === "missing");
  const idle = parts.every(({ status }) => status === "found");
  const get = `${go.problem}; ${needed ? "go.dev/dl" : `not needed${idle ? ": both are there" : ""}`}`;
  return { ...base, status: needed ? "missing" : "optional", version: null, path: null, get };
}

async function findDocker(env: NodeJS.ProcessEnv): Promise<Finding> {
  const base = { name: "Docker", purpose: "the same in containers", status: "optional" as const };
  const [path] = await onPath("docker", env);
  try {
    const { version, composeVersion } = await findEngine(undefined, env);
    return { ...base, status: "found", version, path: `${path}, Compose ${composeVersion}`, get: null };
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    return { ...base, version: null, path: path ?? null, get: [error.what, error.remedy].filter(Boolean).join(": ") };
  }
}

async function findCapture(env: NodeJS.ProcessEnv): Promise<Finding> {
  const found = await findWireshark(env);
  const base = { name: "tshark", purpose: "packets of a lost request, with --out", status: "optional" as const };
  if ("why" in found) return { ...base, version: null, path: null, get: `${found.why}; optional` };
  return { ...base, status: "found", version: found.version, path: found.tshark, get: null };
}
