import { copyFile, mkdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Run } from "../../src/run/run.ts";
import { type Mirror, startMirror } from "./mirror.ts";

/** Where the parts come from. */
export type From = "mirror" | "docker" | "go";

/** What a newcomer has, besides Node. */
export interface Who {
  programs: readonly string[];
  groups: readonly number[];
  variables: Record<string, string>;
  mirror?: Mirror;
}

/** @param goCache a folder with Go's caches; null = empty ones, in the newcomer's home */
export const WAYS: Record<From, (run: Run, folder: string, goCache: string | null) => Promise<Who>> = {
  async mirror(run, folder) {
    const mirror = await startMirror(run, folder);
    return { programs: ["haproxy"], groups: [], variables: mirror.variables, mirror };
  },
  /** The engine's own group may use it; Compose is a plugin, in the home folder of whoever installed it so. */
  async docker(_, folder) {
    const config = join(folder, "docker");
    await mkdir(join(config, "cli-plugins"), { recursive: true });
    await copyFile(join(homedir(), COMPOSE), join(config, "cli-plugins/docker-compose")).catch(() => {}); // the system's
    const { gid } = await stat("/var/run/docker.sock");
    return { programs: ["docker"], groups: [gid], variables: { DOCKER_CONFIG: config, ALB502_MIRROR: "off" } };
  },
  async go(_, folder, goCache) {
    const caches = goCache ?? join(folder, "newcomer/home");
    const variables = { GOPATH: join(caches, "go"), GOCACHE: join(caches, "go-build"), ALB502_MIRROR: "off" };
    return { programs: ["haproxy", "go"], groups: [], variables };
  },
};

const COMPOSE = ".docker/cli-plugins/docker-compose";
