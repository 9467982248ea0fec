import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startServer } from "../../test/servers/server.ts";
import type { LabTarget } from "./target.ts";

/** Several targets behind one name, connection by connection in turn: what a check of a service's address meets. */
export const group = (title: string, targets: readonly LabTarget[]): LabTarget => ({
  title,
  async start(run, lab) {
    const { path, version } = lab.runtime.parts.haproxy;
    const started = await Promise.all(targets.map((target) => target.start(run, lab)));
    const hosts = started.map(({ url }) => new URL(url).host);
    const versions = [...new Set(started.map((one) => one.version))].join(" and ");
    return startServer(run, `${versions}, behind HAProxy ${version} (TCP)`, async ({ port, folder }) => {
      const file = join(folder, "group.cfg");
      await writeFile(file, config(port, hosts));
      return { name: "the target group", command: path, args: ["-db", "-f", file], env: {} };
    });
  },
});

const config = (port: number, hosts: readonly string[]): string => `
global
    nbthread 1
    hard-stop-after 1s
defaults
    mode tcp
    timeout connect 10s
    timeout client 1h
    timeout server 1h
listen group
    bind 127.0.0.1:${port}
    balance roundrobin
${hosts.map((host, i) => `    server target${i + 1} ${host}\n`).join("")}`;
