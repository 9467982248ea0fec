import { networkToxics } from "../../../simulator/network.ts";
import { InconclusiveError } from "../../cli/exit.ts";
import { freePorts } from "../ports.ts";
import { type RunningProcess, startProcess } from "../process.ts";
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
    const proxy = { name: "network", listen: "127.0.0.1:0", upstream: options.targetAddress };
    const { listen } = (await post(`${api}/proxies`, proxy, options.signal)) as { listen: string };
    for (const toxic of networkToxics(options.rttMs)) {
      await post(`${api}/proxies/network/toxics`, toxic, options.signal);
    }
    return { process: toxiproxy, address: listen };
  } catch (error) {
    await toxiproxy.stop();
    throw error;
  }
}

async function post(url: string, body: unknown, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(url, { method: "POST", body: JSON.stringify(body), signal }).catch((error: Error) => {
    signal.throwIfAborted();
    throw new InconclusiveError(`Toxiproxy stopped answering while it was set up: ${error.message}`);
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`Toxiproxy refused ${url} with ${response.status}: ${text}`);
  return JSON.parse(text);
}
