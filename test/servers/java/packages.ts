import { mkdtemp, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { hashOf, inCache } from "../../../src/parts/in-cache.ts";
import { EnvironmentError } from "../../../src/run/exit.ts";
import { lastLines } from "../../../src/run/last-words.ts";
import { runToEnd } from "../../../src/run/process.ts";
import type { Run } from "../../../src/run/run.ts";
import { findProgram, type WantedProgram } from "../find-program.ts";

/** A JDK and the folder with the jars of pom.xml. */
export interface JavaPackages {
  /** The `java` beside the compiler: it runs a source file. */
  java: string;
  /** "17.0.15" */
  version: string;
  jars: string;
}

/**
 * The jars of pom.xml in the project's cache, fetched once.
 * @throws EnvironmentError when there is no JDK or no Maven, or Maven fails
 */
export async function javaPackages(run: Run, env: NodeJS.ProcessEnv = process.env): Promise<JavaPackages> {
  const jdk = await findProgram(run, JDK, env);
  const fetchJars = async (folder: string) => {
    const maven = await findProgram(run, MAVEN, env);
    run.progress.line(
      "fetching Jetty and Tomcat, two of the servers that the probe is tried on, with Maven, once (5-60 s)",
    );
    const repository = await mkdtemp(join(run.folder, "maven-")); // not ~/.m2: no more is kept than the jars
    const args = ["--batch-mode", "--quiet", "-Dstyle.color=never", `-Dmaven.repo.local=${repository}`, "--file", POM];
    const copy = [COPY, `-DoutputDirectory=${folder}`];
    const { code, output } = await runToEnd(maven.path, [...args, ...copy], { env, signal: run.signal });
    if (code !== 0)
      throw new EnvironmentError(
        `Maven could not fetch what test/servers/java/pom.xml names:${lastLines(output, MAVEN_NOISE)}`,
      );
  };
  const jars = await inCache(`java-servers-${await hashOf(POM)}`, fetchJars, env);
  return { java: join(dirname(jdk.path), "java"), version: jdk.version, jars };
}

/** The version of an artifact in pom.xml. */
export async function pinnedVersion(artifact: string): Promise<string> {
  const pom = await readFile(POM, "utf8");
  const version = new RegExp(`<artifactId>${artifact}</artifactId>\\s*<version>([^<]+)</version>`).exec(pom)?.[1];
  if (version === undefined) throw new Error(`pom.xml does not pin ${artifact}`);
  return version;
}

const POM = join(import.meta.dirname, "pom.xml");
const COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies";
/** What it says below each error about itself. */
const MAVEN_NOISE = /^\[ERROR\]\s*($|To see|Re-run|For more|\[Help|After correcting)/;

export const JDK: WantedProgram = {
  binary: "javac",
  purpose: "for two of the servers that the probe is tried on",
  ask: ["-version"],
  version: /^javac (\d+(?:\.\d+)*)/m,
  atLeast: "17", // Jetty's and Tomcat's own bound
  apt: "default-jdk-headless",
  mac: "brew install openjdk, and put its bin folder on PATH",
  byHand: "install a JDK, 17 or newer, with your package manager, and put its javac on PATH",
};

const MAVEN: WantedProgram = {
  binary: "mvn",
  purpose: "which fetches two of the servers that the probe is tried on",
  ask: ["--version"],
  version: /Apache Maven (\d+(?:\.\d+)*)/,
  apt: "maven",
  mac: "brew install maven",
  byHand: "install Maven with your package manager, and put its mvn on PATH",
};
