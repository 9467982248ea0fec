import { readdir, readFile, readlink } from "node:fs/promises";
import { groupMembers } from "./group-members.ts";

/**
 * The TCP ports at which a process group listens, the lowest first; none where the system does not say, as only Linux does.
 * NestJS, for one, logs that it has started, and not where.
 */
export async function listeningPorts(group: number): Promise<number[]> {
  const pids = (await groupMembers(group)) ?? [];
  const own = new Set((await Promise.all(pids.map(socketsOf))).flat());
  const tables = await Promise.all(TABLES.map((file) => readFile(file, "utf8").catch(() => "")));
  const ports = tables.flatMap(listening).filter(({ inode }) => own.has(inode));
  return [...new Set(ports.map(({ port }) => port))].sort((a, b) => a - b);
}

const TABLES = ["/proc/net/tcp", "/proc/net/tcp6"];

/** The inodes of its open sockets, which are links to "socket:[12345]" (proc_pid_fd(5)). */
async function socketsOf(pid: string): Promise<string[]> {
  const folder = `/proc/${pid}/fd`;
  const names = await readdir(folder).catch(() => []);
  const links = await Promise.all(names.map((name) => readlink(`${folder}/${name}`).catch(() => "")));
  return links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []);
}

/** proc_net(5): "sl local_address rem_address st ... inode", the port in hexadecimal digits, 0A for LISTEN. */
function listening(table: string): { port: number; inode: string }[] {
  const rows = table.split("\n").map((row) => row.trim().split(/\s+/));
  return rows
    .filter((row) => row[3] === "0A")
    .map((row) => ({ port: Number.parseInt(row[1]!.split(":")[1]!, 16), inode: row[9]! }));
}
