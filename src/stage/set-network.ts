import { InconclusiveError } from "../run/exit.ts";
import { networkToxics, type Toxic } from "./network.ts";

export interface NetworkSettings {
  /** host:port of its near end; port 0 takes a free one. */
  listen: string;
  /** host:port that it leads to. A name is looked up for each connection. */
  upstream: string;
  /** Round trip, whole ms. */
  rttMs: number;
}

/**
 * Gives a running Toxiproxy its one proxy, with the toxics in place. One that is as it should be is left alone, with
 * the connections through it.
 * @param api e.g. http://127.0.0.1:8474
 * @returns host:port of the near end
 * @throws InconclusiveError when it does not answer; Error when it refuses
 */
export async function setNetwork(api: string, settings: NetworkSettings, signal: AbortSignal): Promise<string> {
  const ask = (path: string, init?: RequestInit) => askToxiproxy(`${api}${path}`, { ...init, signal });
  const { listen, upstream, rttMs } = settings;
  const toxics = networkToxics(rttMs);
  const existing = (await ask("/proxies"))[NAME] as ExistingProxy | undefined;
  if (existing && isAsSet(existing, settings, toxics)) return existing.listen;
  if (existing) await ask(`/proxies/${NAME}`, { method: "DELETE" });
  const made = await ask("/proxies", { method: "POST", body: JSON.stringify({ name: NAME, listen, upstream }) });
  for (const toxic of toxics) {
    await ask(`/proxies/${NAME}/toxics`, { method: "POST", body: JSON.stringify(toxic) });
  }
  return made.listen as string;
}

const NAME = "network";

interface ExistingProxy {
  listen: string;
  upstream: string;
  toxics: Toxic[];
}

/**
 * Toxiproxy names the address it listens on in its own way ([::]:18098 for 0.0.0.0:18098): the port tells. It also adds
 * attributes that nobody set ("jitter": 0): ours tell.
 */
function isAsSet(proxy: ExistingProxy, { listen, upstream }: NetworkSettings, toxics: readonly Toxic[]): boolean {
  const port = (address: string) => address.slice(address.lastIndexOf(":"));
  const has = ({ name, attributes }: Toxic) => {
    const existing = proxy.toxics.find((toxic) => toxic.name === name)?.attributes as
      | Record<string, number>
      | undefined;
    return Object.entries(attributes).every(([attribute, ms]) => existing?.[attribute] === ms);
  };
  return (
    port(proxy.listen) === port(listen) &&
    proxy.upstream === upstream &&
    proxy.toxics.length === toxics.length &&
    toxics.every(has)
  );
}

async function askToxiproxy(
  url: string,
  init: RequestInit & { signal: AbortSignal },
): Promise<Record<string, unknown>> {
  const response = await fetch(url, init).catch((error: Error) => {
    init.signal.throwIfAborted();
    throw new InconclusiveError(`Toxiproxy stopped answering while it was set up: ${error.message}`);
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`Toxiproxy refused ${url} with ${response.status}: ${text}`);
  return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
}
