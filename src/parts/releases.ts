import { readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { z } from "zod";
import { UsageError } from "../run/exit.ts";
import { ROOT } from "../run/root.ts";
import { cacheFolder } from "./cache.ts";

/** What is fetched ready-made: of the rest there is no release that runs everywhere, or only the tests need it. */
export type ReleasedName = keyof Releases;

/** The official release of a part for this platform. */
export interface Release {
  version: string;
  /** Below https://github.com, or what mirrors it. */
  path: string;
  /** Of the file there, in hex. */
  sha256: string;
  /** The program's path in the archive; null = the file is the program. */
  program: string | null;
  /** Where the program is kept. */
  cached: string;
  /** The file with the sums, where the user named one; null = this copy's own. */
  sumsFrom: string | null;
}

/**
 * The release for this platform, or why there is none, as a clause.
 * @throws UsageError where ALB502_RELEASES names no such file
 */
export function releaseOf(
  name: ReleasedName,
  env: NodeJS.ProcessEnv,
  platform = `${process.platform}-${process.arch}`,
): Release | { problem: string } {
  const named = env[SUMS] || null;
  const { version, files } = (named === null ? readFrom(join(ROOT, "tools/releases.json")) : readNamed(named))[name];
  const { path, program = null, sha256 = null } = files[platform] ?? {};
  if (path === undefined || sha256 === null) {
    return { problem: `${named ?? "this copy of alb502"} has no SHA-256 sum of ${name} ${version} for ${platform}` };
  }
  const cached = join(cacheFolder(env), `${name}-${version}-${platform}-${sha256.slice(0, 12)}`);
  return { version, path, sha256, program, cached, sumsFrom: named };
}

/**
 * What releases are fetched from; null = nothing is to be fetched.
 * @throws UsageError where ALB502_MIRROR is no such address
 */
export function mirrorOf(env: NodeJS.ProcessEnv): URL | null {
  const { [MIRROR]: set } = env;
  if (!set) return new URL("https://github.com/");
  if (set === "off") return null;
  // http too: whatever comes is held against the sums.
  if (/^https?:/i.test(set) && URL.canParse(set)) {
    const url = new URL(set.replace(/\/*$/, "/"));
    if (url.search === "" && url.hash === "") return url;
  }
  // It may hold a password.
  throw new UsageError(
    `${MIRROR} is set, but not to a URL like https://HOST/PATH that stands for https://github.com, nor to "off": fix or unset it`,
  );
}

/** The variable with what stands for https://github.com. */
const MIRROR = "ALB502_MIRROR";
/** The variable that names a file in place of tools/releases.json. A mirror alone cannot say what is right. */
const SUMS = "ALB502_RELEASES";

const fileSchema = z.strictObject({
  /** Below https://github.com, or below the mirror. */
  path: z.string().regex(/^[\w.~+-]+(\/[\w.~+-]+)*$/),
  program: z.string().optional(),
  /** null where nobody could look it up: then it is not fetched. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
});

const partSchema = z.strictObject({
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  /** The file with the publisher's sums, for scripts/release-sums.mjs. */
  checksums: z.string(),
  /** By Node's names for platform and architecture: "linux-x64". */
  files: z.record(z.string(), fileSchema),
});

/** tools/releases.json. */
const releasesSchema = z.strictObject({ k6: partSchema, toxiproxy: partSchema });

type Releases = z.infer<typeof releasesSchema>;

const readFrom = (file: string): Releases => releasesSchema.parse(JSON.parse(readFileSync(file, "utf8")));

function readNamed(file: string): Releases {
  const expected = `expected the absolute path of a file like alb502's tools/releases.json; fix or unset ${SUMS}`;
  if (!isAbsolute(file)) throw new UsageError(`${SUMS}=${file}: ${expected}`);
  try {
    return readFrom(file);
  } catch (error) {
    const issue = error instanceof z.ZodError ? error.issues[0] : undefined;
    const why = issue ? `${issue.path.join(".")}: ${issue.message}` : (error as Error).message;
    throw new UsageError(`${SUMS}=${file} cannot be read (${why}): ${expected}`);
  }
}
