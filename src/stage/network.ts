/** A toxic as Toxiproxy's HTTP API takes it (https://github.com/Shopify/toxiproxy#toxics). Times in ms. */
export interface Toxic {
  name: string;
  type: "latency" | "slow_close";
  stream: "upstream" | "downstream";
  attributes: { latency: number } | { delay: number };
}

/**
 * The toxics that put the LB and its target `rttMs` apart: half of it each way, for data (`latency`) and for the FIN
 * (`slow_close`), which Toxiproxy's latency alone does not delay. The window in which a request is lost is as wide as
 * this round trip, so without it there is next to nothing to hit.
 * @param rttMs whole milliseconds; an odd one is a millisecond longer towards the target. 0 = no toxic.
 */
export function networkToxics(rttMs: number): Toxic[] {
  const oneWayMs = { upstream: Math.ceil(rttMs / 2), downstream: Math.floor(rttMs / 2) };
  return (["upstream", "downstream"] as const).flatMap((stream) =>
    oneWayMs[stream] === 0
      ? []
      : [
          { name: `latency_${stream}`, type: "latency", stream, attributes: { latency: oneWayMs[stream] } },
          { name: `slow_close_${stream}`, type: "slow_close", stream, attributes: { delay: oneWayMs[stream] } },
        ],
  );
}
