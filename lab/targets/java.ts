import { javaPackages } from "../../test/servers/java/packages.ts";
import { startJava } from "../../test/servers/java.ts";
import type { LabTarget } from "./target.ts";

/** Tomcat, as Spring Boot embeds it, with that keepAliveTimeout. */
export const tomcat = (title: string, keepAliveTimeoutMs: number): LabTarget => ({
  title,
  start: async (run, lab) => startJava(run, await lab.once("java", javaPackages), "Tomcat", keepAliveTimeoutMs),
});
