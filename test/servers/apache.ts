import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Run } from "../../src/run/run.ts";
import type { Program, WantedProgram } from "./find-program.ts";
import { type RealServer, startServer } from "./server.ts";

/** Apache httpd with the event MPM, answering by itself, its timeouts as they come. */
export const startApache = (run: Run, { path, version }: Program): Promise<RealServer> =>
  startServer(run, `Apache httpd ${version}`, async ({ port, folder }) => {
    const file = join(folder, "httpd.conf");
    await writeFile(file, config(port, folder, join(dirname(path), "../lib/apache2/modules")));
    return { name: "Apache httpd", command: path, args: ["-DFOREGROUND", "-f", file] };
  });

export const APACHE: WantedProgram = {
  binary: "apache2",
  purpose: "one of the servers that the probe is tried on",
  ask: ["-v"],
  version: /Apache\/(\d+\.\d+\.\d+)/,
  apt: "apache2-bin", // without the service of apache2
  mac: "its modules are looked for where Debian has them, so leave it out here",
  byHand: "its modules are looked for where Debian has them, so leave it out here",
};

// As root its children take another user on, who may not read the run's folder: the answer comes from no file.
const config = (port: number, folder: string, modules: string): string => `
LoadModule mpm_event_module ${modules}/mod_mpm_event.so
LoadModule authz_core_module ${modules}/mod_authz_core.so
LoadModule alias_module ${modules}/mod_alias.so
ServerRoot ${folder}
ServerName 127.0.0.1
Listen 127.0.0.1:${port}
PidFile ${folder}/httpd.pid
ErrorLog ${folder}/error.log
${process.getuid?.() === 0 ? "User www-data\nGroup www-data" : ""}
Redirect 200 /
ErrorDocument 200 "ok"
`;
