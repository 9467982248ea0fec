import { InconclusiveError } from "../../run/exit.ts";
import { type RunningProcess, startProcess } from "../../run/process.ts";
import { lastWords } from "../wait-until-ready.ts";
import { DOCKER, dockerOutput } from "./docker.ts";

/** Reads what a container writes, from its beginning to its end; ends when the container does. */
export const followLog = (name: string, container: string, onLine: (line: string) => void): Promise<RunningProcess> =>
  startProcess({ name, command: DOCKER, args: ["logs", "--follow", container], onLine });

/** Rejects with InconclusiveError when the container whose log is followed ends without being stopped. */
export async function rejectWhenItsContainerDies(log: RunningProcess, container: string): Promise<never> {
  await log.exited;
  if (log.stopping) return new Promise(() => {});
  throw new InconclusiveError(`${log.name} exited unexpectedly (${await howItEnded(container)}): ${lastWords(log)}`);
}

async function howItEnded(container: string): Promise<string> {
  const format = "{{.State.ExitCode}} {{.State.OOMKilled}}";
  const state = await dockerOutput(["inspect", "--format", format, container]).catch(() => "");
  const [code, outOfMemory] = state.split(" ");
  if (outOfMemory === "true") return "it used more memory than its mem_limit";
  return code ? `exit code ${code}` : "its container is gone";
}
