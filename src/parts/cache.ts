import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { ROOT } from "../run/root.ts";
import type { ProgramName } from "./part.ts";

/** What is built with Go when it is not on PATH. */
export type BuiltName = Exclude<ProgramName, "haproxy">;

export interface Recipe {
  /** The folder with the go.mod and go.sum that pin it. */
  folder: string;
  /** The version that they pin. */
  version: string;
  /** The Go package to build. */
  package: string;
  ldflags: string;
  /** How long a build takes on 2 cores: with the modules there, and with nothing cached and a busy machine. */
  duration: string;
  /** Where its binary is kept: one file per version, platform and go.sum. */
  cached: string;
}

/** How a part is built, and where the result is kept. */
export async function recipe(name: BuiltName, env: NodeJS.ProcessEnv): Promise<Recipe> {
  const { folder, module, path, ldflags, duration } = SOURCES[name];
  const [goMod, goSum] = await Promise.all([
    readFile(join(folder, "go.mod"), "utf8"),
    readFile(join(folder, "go.sum")),
  ]);
  const version = pinnedVersion(goMod, module);
  const sums = createHash("sha256").update(goSum).digest("hex").slice(0, 12);
  return {
    folder,
    version,
    package: `${module}${path}`,
    ldflags: ldflags(version),
    duration,
    cached: join(cacheFolder(env), `${name}-${version}-${process.platform}-${process.arch}-${sums}`),
  };
}

/** Where built parts are kept between runs: ~/.cache/alb502, or below XDG_CACHE_HOME. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  const set = env.XDG_CACHE_HOME;
  // A relative path is to be ignored: XDG Base Directory Specification.
  return join(set && isAbsolute(set) ? set : join(homedir(), ".cache"), "alb502");
}

/** The folders in it in which programs are made ready, one a build or fetch. */
export const MAKING_FOLDERS = /^(?:building|fetching)-[a-z0-9]+-[A-Za-z0-9]{6}$/;

interface Source {
  folder: string;
  module: string;
  path: string;
  ldflags: (version: string) => string;
  duration: string;
}

/** Pins k6 and Toxiproxy. Its folder `lint` pins the linter, so that a newer one does not rebuild k6. */
const TOOLS = join(ROOT, "tools");

const SOURCES: Readonly<Record<BuiltName, Source>> = {
  k6: {
    folder: TOOLS,
    module: "go.k6.io/k6/v2",
    path: "",
    ldflags: () => "-s -w",
    duration: "5-150 s",
  },
  toxiproxy: {
    folder: TOOLS,
    module: "github.com/Shopify/toxiproxy/v2",
    path: "/cmd/server",
    // Unstamped, it calls itself "git".
    ldflags: (version) => `-s -w -X github.com/Shopify/toxiproxy/v2.Version=${version}`,
    duration: "1-150 s",
  },
  actionlint: {
    folder: join(TOOLS, "lint"),
    module: "github.com/rhysd/actionlint",
    path: "/cmd/actionlint",
    ldflags: () => "-s -w",
    duration: "5-20 s",
  },
};

/** The version of `module` in a go.mod's require block, without its "v". */
function pinnedVersion(goMod: string, module: string): string {
  for (const line of goMod.split("\n")) {
    const [path, version] = line.trim().split(" ");
    if (path === module && version) return version.slice(1);
  }
  throw new Error(`no go.mod of tools/ requires ${module}`);
}
