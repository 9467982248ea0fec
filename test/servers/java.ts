import { join } from "node:path";
import type { Run } from "../../src/run/run.ts";
import { type JavaPackages, pinnedVersion } from "./java/packages.ts";
import { type RealServer, startServer } from "./server.ts";

/** Embedded Jetty with an idle timeout, or embedded Tomcat (as Spring Boot has it) with a keepAliveTimeout. */
export async function startJava(
  run: Run,
  { java, version, jars }: JavaPackages,
  program: "Jetty" | "Tomcat",
  idleMs: number,
): Promise<RealServer> {
  const server = `${program} ${await pinnedVersion(ARTIFACTS[program])} on Java ${version}`;
  return startServer(run, server, ({ port, folder }) => ({
    name: program,
    command: java,
    args: [
      // Two cores are shared by all: the first compiler alone, and no file in /tmp.
      ...["-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", `-Djava.io.tmpdir=${folder}`],
      ...["-cp", join(jars, "*"), join(import.meta.dirname, "java", `${program}.java`)],
      ...[String(port), String(idleMs), folder],
    ],
  }));
}

const ARTIFACTS = { Jetty: "jetty-server", Tomcat: "tomcat-embed-core" } as const;
