import { z } from "zod";
import { UsageError } from "../src/run/exit.ts";

/**
 * The target's settings from its environment. Under `asked`, undefined means that nothing was set: Node's own default.
 * @throws UsageError for the first bad variable
 */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const parsed = settings.safeParse(env);
  if (!parsed.success) throw badVariable(parsed.error.issues[0]!, env);
  return parsed.data;
}

export type Settings = z.output<typeof settings>;
export type Asked = Settings["asked"];

/** How much of the time the event loop is blocked (0 to 1), and for how long at a time. */
export type BusyLoad = { share: number; blockMs: number };

// A day is far above any load balancer's longest idle timeout (ALB: 4000 s) and, even with the buffer added,
// far below 2^31 ms, from where Node's timers fire at once.
const longestMs = 86_400_000;

const environment = z.object({
  /** TCP port; 0 takes a free one, which the `listening` line names. Default 3000. */
  PORT: setting(wholeNumber(65_535), "a port from 0 to 65535 (0: any free one)", "PORT=3000", "3000"),
  /** Address to listen on. Default 127.0.0.1; a container sets 0.0.0.0. */
  HOST: setting(z.string(), "an address of this machine", "HOST=127.0.0.1", "127.0.0.1"),
  /** `server.keepAliveTimeout`, ms; 0 never closes an idle connection. Default: Node's, 5000. */
  KEEP_ALIVE_TIMEOUT_MS: timeout("KEEP_ALIVE_TIMEOUT_MS=65000"),
  /** `server.keepAliveTimeoutBuffer`, ms, where this Node has it. Default: Node's, 1000. */
  KEEP_ALIVE_TIMEOUT_BUFFER_MS: timeout("KEEP_ALIVE_TIMEOUT_BUFFER_MS=1000"),
  /** `server.headersTimeout`, ms; 0 switches it off. Default: Node's, 60000. */
  HEADERS_TIMEOUT_MS: timeout("HEADERS_TIMEOUT_MS=66000"),
  /** How long each request holds the CPU, ms. Default 0. */
  WORK_MS: setting(wholeNumber(60_000), "whole milliseconds from 0 to 60000", "WORK_MS=5", "0"),
  /** Share of the time the event loop is blocked / length of one block in ms, as 0.2/40. Default: never blocked. */
  EVENT_LOOP_BUSY: setting(
    busyLoad(),
    "SHARE/BLOCK_MS, a share above 0 and up to 0.9 and blocks of 1 to 10000 ms",
    "EVENT_LOOP_BUSY=0.2/40",
    "an event loop that is never blocked",
  ),
});

const settings = environment.transform((env) => ({
  port: env.PORT ?? 3000,
  host: env.HOST ?? "127.0.0.1",
  asked: {
    keepAliveTimeoutMs: env.KEEP_ALIVE_TIMEOUT_MS,
    keepAliveTimeoutBufferMs: env.KEEP_ALIVE_TIMEOUT_BUFFER_MS,
    headersTimeoutMs: env.HEADERS_TIMEOUT_MS,
    workMs: env.WORK_MS,
    eventLoopBusy: env.EVENT_LOOP_BUSY,
  },
}));

/** An optional variable: empty counts as unset, because Docker Compose passes `${NAME:-}` on as an empty string. */
function setting<T>(value: z.ZodType<T, string>, expected: string, example: string, whenEmpty: string) {
  const optional = z.preprocess((raw) => (raw === "" ? undefined : raw), value.optional());
  return optional.describe(`expected ${expected}; set for example ${example}, or leave it empty for ${whenEmpty}`);
}

function timeout(example: string) {
  return setting(wholeNumber(longestMs), `whole milliseconds from 0 to ${longestMs}`, example, "Node's own default");
}

function wholeNumber(max: number) {
  return z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .refine((number) => number <= max);
}

function busyLoad() {
  return z
    .string()
    .regex(/^0?\.\d+\/\d+$/)
    .transform((text): BusyLoad => {
      const [share, blockMs] = text.split("/").map(Number) as [number, number];
      return { share, blockMs };
    })
    .refine(({ share, blockMs }) => share > 0 && share <= 0.9 && blockMs >= 1 && blockMs <= 10_000);
}

function badVariable(issue: z.core.$ZodIssue, env: NodeJS.ProcessEnv): UsageError {
  const name = issue.path[0] as keyof typeof environment.shape;
  return new UsageError(`${name} is ${JSON.stringify(env[name])}: ${environment.shape[name].description}`);
}
