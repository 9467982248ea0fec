import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { InconclusiveError } from "../../run/exit.ts";
import { type RunningProcess, startProcess } from "../process.ts";
import { lastWords } from "../wait-until-ready.ts";

/** Reads what a container writes, from its beginning to its end; ends when the container does. */
export const followLog = (name: string, container: string, onLine: (line: string) => void): Promise<RunningProcess> =>
  startProcess({ name, command: "docker", args: ["logs", "--follow", container], onLine });

/** Rejects with InconclusiveError when the container whose log is followed ends though nobody stopped it. */
export async function rejectWhenItsContainerDies(log: RunningProcess, container: string): Promise<never> {
  await log.exited;
  if (log.stopping) return new Promise(() => {});
  throw new InconclusiveError(`${log.name} ended in the middle (${await howItEnded(container)}): ${lastWords(log)}`);
}

async function howItEnded(container: string): Promise<string> {
  const format = "{{.State.ExitCode}} {{.State.OOMKilled}}";
  const { stdout } = await promisify(execFile)("docker", ["inspect", "--format", format, container]).catch(() => ({
    stdout: "",
  }));
  const [code, outOfMemory] = stdout.trim().split(" ");
  if (outOfMemory === "true") return "it used more memory than its mem_limit";
  return code ? `exit code ${code}` : "its container is gone";
}
