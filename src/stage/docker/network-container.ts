// Runs in a container: sets the network between LB and target in the Toxiproxy next to it, and exits. One bundled file.
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { EXIT } from "../../run/exit.ts";
import { setNetwork } from "../set-network.ts";
import { answersOk } from "../wait-until-ready.ts";

const environment = z.object({
  TOXIPROXY_API: z.url().describe("an http URL; e.g. TOXIPROXY_API=http://network:8474"),
  TARGET_ADDRESS: z
    .string()
    .regex(/^\S+:\d+$/)
    .describe("host:port; e.g. TARGET_ADDRESS=host.docker.internal:3000"),
  RTT_MS: z
    .string()
    .regex(/^\d{1,3}$|^1000$/)
    .transform(Number)
    .describe("whole milliseconds from 0 to 1000; e.g. RTT_MS=2"),
});

async function main(): Promise<void> {
  const parsed = environment.safeParse(process.env);
  if (!parsed.success) {
    const name = parsed.error.issues[0]!.path[0] as keyof typeof environment.shape;
    throw new Error(`${name} is ${JSON.stringify(process.env[name])}: expected ${environment.shape[name].description}`);
  }
  const { TOXIPROXY_API: api, TARGET_ADDRESS: upstream, RTT_MS: rttMs } = parsed.data;
  const signal = AbortSignal.timeout(10_000);
  await untilItAnswers(api, signal);
  await setNetwork(api, { listen: "0.0.0.0:18098", upstream, rttMs }, signal);
  process.stdout.write(`the network leads to ${upstream}, round trip ${rttMs} ms\n`);
}

/** The container may be there before its program listens. @throws the timeout */
async function untilItAnswers(api: string, signal: AbortSignal): Promise<void> {
  while (!(await answersOk(`${api}/version`).catch(() => false))) await delay(20, undefined, { signal });
}

main().catch((error: Error) => {
  process.stderr.write(`network: ${error.message}\n`);
  process.exitCode = EXIT.usageOrEnvironment;
});
