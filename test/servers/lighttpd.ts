import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Run } from "../../src/run/run.ts";
import type { Program, WantedProgram } from "./find-program.ts";
import { type RealServer, startServer } from "./server.ts";

/** lighttpd with one static file, its timeouts as they come. */
export const startLighttpd = (run: Run, { path, version }: Program): Promise<RealServer> =>
  startServer(run, `lighttpd ${version}`, async ({ port, folder }) => {
    const file = join(folder, "lighttpd.conf");
    await Promise.all([writeFile(file, config(port, folder)), writeFile(join(folder, "index.html"), "ok\n")]);
    return { name: "lighttpd", command: path, args: ["-D", "-f", file] };
  });

export const LIGHTTPD: WantedProgram = {
  binary: "lighttpd",
  purpose: "one of the servers that the probe is tried on",
  ask: ["-v"],
  version: /lighttpd\/(\d+\.\d+\.\d+)/,
  apt: "lighttpd",
  service: "lighttpd",
  mac: "brew install lighttpd",
  byHand: "install lighttpd with your package manager, and put it on PATH",
};

const config = (port: number, folder: string): string => `
server.bind = "127.0.0.1"
server.port = ${port}
server.document-root = "${folder}"
server.upload-dirs = ( "${folder}" )
index-file.names = ( "index.html" )
mimetype.assign = ( ".html" => "text/plain" )
`;
