import { type RunningProcess, startProcess } from "../../run/process.ts";
import { freePorts } from "../ports.ts";
import { setNetwork } from "../set-network.ts";
import { answersOk, waitUntilReady } from "../wait-until-ready.ts";

export interface Network {
  process: RunningProcess;
  /** host:port that leads to the target through the network. */
  address: string;
}

/** Starts Toxiproxy as the network in front of `targetAddress`; resolves when its toxics are in place. */
export async function startToxiproxy(options: {
  command: string;
  targetAddress: string;
  /** Round trip to the target, whole ms. */
  rttMs: number;
  onLine: (line: string) => void;
  signal: AbortSignal;
}): Promise<Network> {
  const [apiPort] = (await freePorts(1)) as [number];
  const api = `http://127.0.0.1:${apiPort}`;
  const toxiproxy = await startProcess({
    name: "Toxiproxy",
    command: options.command,
    args: ["-host", "127.0.0.1", "-port", String(apiPort)],
    env: { LOG_LEVEL: "warn" },
    onLine: options.onLine,
  });
  try {
    await waitUntilReady(toxiproxy, () => answersOk(`${api}/version`), options);
    const { targetAddress: upstream, rttMs } = options;
    const address = await setNetwork(api, { listen: "127.0.0.1:0", upstream, rttMs }, options.signal);
    return { process: toxiproxy, address };
  } catch (error) {
    await toxiproxy.stop();
    throw error;
  }
}
