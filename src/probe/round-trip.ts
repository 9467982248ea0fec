import { once } from "node:events";
import { connect } from "node:net";
import { median } from "../../scenarios/lib/median.ts";
import { InconclusiveError } from "../cli/exit.ts";

/** What an exchange takes straight to the target, and what the network's round trip adds, as measured, ms. */
export interface NetworkTimes {
  directMs: number;
  rttMs: number;
}

/**
 * Measures the network in front of a target that answers in one segment, as our own does. Also warms that target up: the
 * first requests of a Node process take several ms.
 * @throws InconclusiveError when either does not answer
 */
export async function measureNetwork(stage: { targetUrl: string; networkAddress: string }): Promise<NetworkTimes> {
  const directMs = await medianExchangeMs(new URL(stage.targetUrl).host, EXCHANGES);
  const throughMs = await medianExchangeMs(stage.networkAddress, EXCHANGES);
  return { directMs, rttMs: Math.max(0, throughMs - directMs) };
}

const EXCHANGES = 31;

/**
 * The median time one request and its response take at `address` (host:port), ms, over one kept connection.
 * @throws InconclusiveError when the address does not answer
 */
export async function medianExchangeMs(address: string, exchanges: number): Promise<number> {
  const { hostname, port } = new URL(`http://${address}`);
  const socket = connect(Number(port), hostname);
  socket.setNoDelay(true);
  // An end in order is no answer either, but only an error ends the wait for one.
  socket.once("end", () => socket.destroy(new Error("it closed the connection")));
  socket.on("error", () => {});
  try {
    const times: number[] = [];
    for (let i = 0; i < exchanges; i++) {
      const sentAt = performance.now();
      socket.write(`GET / HTTP/1.1\r\nHost: ${address}\r\n\r\n`);
      await once(socket, "data", { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
      times.push(performance.now() - sentAt);
    }
    return median(times);
  } catch (error) {
    throw new InconclusiveError(`${address} did not answer: ${(error as Error).message}`);
  } finally {
    socket.destroy();
  }
}

/** A target that hangs must not hang us. */
const ANSWER_WITHIN_MS = 10_000;
