/** The real programs that the simulator is made of, besides Node. */
export type PartName = "haproxy" | "k6" | "toxiproxy";

/** Those, and what only the tests need. */
export type ProgramName = PartName | "actionlint";

/** A part that runs and is new enough. */
export interface Part {
  name: ProgramName;
  /** Absolute, unless an override variable named it otherwise; the image that it is in, where `origin` is "image". */
  path: string;
  /** Numbers only, e.g. "2.6.12". */
  version: string;
  /**
   * environment: named by its override variable, ALB502_K6 for example. fetched, built: in the cache, now or before.
   * installed: by the system's package manager, just now.
   */
  origin: "environment" | "PATH" | "fetched" | "built" | "installed" | "image";
}

/** Where a part comes from, in words. */
export const ORIGIN_WORDS: Readonly<Record<Part["origin"], string>> = {
  environment: "named by its variable",
  PATH: "from PATH",
  fetched: "official release",
  built: "built with Go",
  installed: "just installed",
  image: "in an image",
};

/** A part that is not there, and why, as a clause: "haproxy is not on PATH". */
export interface MissingPart {
  name: ProgramName;
  problem: string;
  /** An override variable named it: getting another one would go behind the user's back. */
  named: boolean;
}

export interface PartFacts {
  binary: string;
  /** Where it may be, outside PATH. */
  alsoIn: readonly string[];
  versionArgs: readonly string[];
  /** Its first group is the version, in what `versionArgs` prints. */
  versionPattern: RegExp;
  atLeast: string;
  below: string | null;
  /** The environment variable whose path wins over everything. */
  variable: string;
  purpose: string;
}

/** A shell that an editor or a job starts may lack it on PATH: https://docs.brew.sh/Installation */
const HOMEBREW = process.platform === "darwin" ? ["/opt/homebrew/bin", "/usr/local/bin"] : [];

export const PARTS: Readonly<Record<ProgramName, PartFacts>> = {
  haproxy: {
    binary: "haproxy",
    // Debian installs it where the PATH of a plain user does not look.
    alsoIn: ["/usr/sbin", "/usr/local/sbin", ...HOMEBREW],
    versionArgs: ["-v"],
    versionPattern: /^HA-?Proxy version (\d+\.\d+(?:\.\d+)?)/m,
    // The oldest one that the shipped haproxy.cfg was measured on.
    atLeast: "2.6",
    below: null,
    variable: "ALB502_HAPROXY",
    purpose: "stands for the load balancer",
  },
  k6: {
    binary: "k6",
    alsoIn: HOMEBREW,
    versionArgs: ["version"],
    // It calls itself by its file's name, which in the cache is longer.
    versionPattern: /^\S*k6\S* v(\d+\.\d+\.\d+)/m,
    atLeast: "2.0.0",
    below: null,
    variable: "ALB502_K6",
    purpose: "sends the traffic",
  },
  toxiproxy: {
    binary: "toxiproxy-server",
    alsoIn: HOMEBREW,
    versionArgs: ["--version"],
    // An unstamped build says "version git": it cannot be told from an old one, so it does not count.
    versionPattern: /^toxiproxy-server version v?(\d+\.\d+\.\d+)/m,
    atLeast: "2.9.0",
    below: "3.0.0",
    variable: "ALB502_TOXIPROXY",
    purpose: "stands for the network between load balancer and target",
  },
  actionlint: {
    binary: "actionlint",
    alsoIn: [],
    versionArgs: ["-version"],
    // Its releases print "1.7.12", what go build makes "v1.7.12".
    versionPattern: /^v?(\d+\.\d+\.\d+)/m,
    // The one that tools/lint pins: an older one knows fewer mistakes.
    atLeast: "1.7.12",
    below: null,
    variable: "ALB502_ACTIONLINT",
    purpose: "checks the workflows",
  },
};

/** What version is expected, in words: "2.9.0 or newer, below 3.0.0". */
export function expected({ atLeast, below }: Pick<PartFacts, "atLeast" | "below">): string {
  return below === null ? `${atLeast} or newer` : `${atLeast} or newer, below ${below}`;
}
