import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import type { PartName } from "./part.ts";

/** A part that is built with Go when it is not on PATH. */
export type BuiltName = Exclude<PartName, "haproxy">;

export interface Recipe {
  /** The version that tools/go.mod pins. */
  version: string;
  /** The Go package to build. */
  package: string;
  ldflags: string;
  /** How long a build takes on 2 cores: with the modules there, and with nothing cached and a busy machine. */
  duration: string;
  /** Where its binary is kept: one file per version, platform and tools/go.sum. */
  cached: string;
}

/** The folder with tools/go.mod and go.sum, the only place where versions are pinned. */
export const TOOLS = join(import.meta.dirname, "../../tools");

/** How a part is built, and where the result is kept. */
export async function recipe(name: BuiltName, env: NodeJS.ProcessEnv): Promise<Recipe> {
  const { module, path, ldflags, duration } = SOURCES[name];
  const [goMod, goSum] = await Promise.all([readFile(join(TOOLS, "go.mod"), "utf8"), readFile(join(TOOLS, "go.sum"))]);
  const version = pinnedVersion(goMod, module);
  const sums = createHash("sha256").update(goSum).digest("hex").slice(0, 12);
  return {
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

const SOURCES: Readonly<
  Record<BuiltName, { module: string; path: string; ldflags: (version: string) => string; duration: string }>
> = {
  k6: {
    module: "go.k6.io/k6/v2",
    path: "",
    ldflags: () => "-s -w",
    duration: "40-120 s",
  },
  toxiproxy: {
    module: "github.com/Shopify/toxiproxy/v2",
    path: "/cmd/server",
    // Unstamped, it calls itself "git".
    ldflags: (version) => `-s -w -X github.com/Shopify/toxiproxy/v2.Version=${version}`,
    duration: "2-60 s",
  },
};

/** The version of `module` in a go.mod's require block, without its "v". */
function pinnedVersion(goMod: string, module: string): string {
  for (const line of goMod.split("\n")) {
    const [path, version] = line.trim().split(" ");
    if (path === module && version) return version.slice(1);
  }
  throw new Error(`tools/go.mod does not require ${module}`);
}
