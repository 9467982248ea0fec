import { askVersion } from "../../parts/ask-version.ts";
import { commandToGet, type SystemPackage } from "../../parts/install-with-apt.ts";
import { onPath } from "../../run/on-path.ts";

/** Wireshark on the command line: dumpcap, which captures, and tshark, which reads. */
export interface Wireshark {
  dumpcap: string;
  tshark: string;
  /** "4.0.17" */
  version: string;
}

export const WIRESHARK: SystemPackage = {
  apt: "tshark",
  mac: "brew install wireshark",
  byHand: "install tshark with your package manager, and put it on PATH",
};

/** Looks for it; installs nothing. @returns where it is missing, why and how to get it, as a clause */
export async function findWireshark(env: NodeJS.ProcessEnv = process.env): Promise<Wireshark | { why: string }> {
  const [dumpcap] = await onPath("dumpcap", env, ALSO_IN);
  const [tshark] = await onPath("tshark", env, ALSO_IN);
  if (!dumpcap || !tshark) {
    const command = (await commandToGet(WIRESHARK, env)) ?? "apt-get install tshark";
    return { why: `${dumpcap ? "tshark" : "dumpcap"} is not on PATH: ${command}` };
  }
  const answer = await askVersion(tshark, ["--version"], /^TShark \(Wireshark\) (\d+\.\d+\.\d+)/m, env);
  if ("problem" in answer) return { why: `${tshark} ${answer.problem}` };
  return { dumpcap, tshark, version: answer.version };
}

const ALSO_IN = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"];
