import { setTimeout as delay } from "node:timers/promises";
import { endpointOf } from "../record/endpoint.ts";
import { EnvironmentError } from "../run/exit.ts";
import type { Exit } from "../run/process.ts";
import type { Run } from "../run/run.ts";
import { askWhetherReady, listens } from "./asks.ts";
import { because, howItEnded, tellTail } from "./last-words.ts";
import { listeningPorts } from "./listening-ports.ts";
import { saidPorts } from "./said-ports.ts";
import type { UserCommand } from "./user-command.ts";

/**
 * Waits until the app that `command` starts answers at `url`.
 * @throws EnvironmentError when it ends first, or does not listen in time; the signal's reason after an abort
 */
export async function waitUntilReady(
  { signal, progress }: Run,
  { url, timeoutMs }: { url: URL; timeoutMs: number },
  command: UserCommand,
): Promise<void> {
  let exit: Exit | null = null;
  void command.ended.then((end) => {
    exit = end;
  });
  const [beganMs, name] = [performance.now(), nameOf(url)];
  let oddSinceMs: number | null = null;
  let tellAtMs = TELL_AFTER_MS;
  let told: number | null | undefined;
  for (;;) {
    const leftMs = beganMs + timeoutMs - performance.now();
    const ready = await Promise.race([askWhetherReady(url, Math.max(100, leftMs), signal), command.ended]);
    signal.throwIfAborted();
    if (exit !== null || typeof ready === "object") {
      const end = exit ?? (ready as Exit);
      tellTail(progress, command);
      throw new EnvironmentError(
        `--start's command ended before ${name} answered (${howItEnded(end)})${because(command)}`,
        end.code === 0 ? "give one that stays: in the foreground, without & or -d" : "",
      );
    }
    if (ready === "ready") return;
    oddSinceMs = ready === "odd" ? (oddSinceMs ?? performance.now()) : null;
    // Whoever asks next says what is wrong with it: that it speaks TLS, say, or answers 503 for ever.
    if (ready !== "no" && leftMs <= 0) return;
    if (oddSinceMs !== null && performance.now() - oddSinceMs > ODD_MS) return;
    if (leftMs <= 0) break;
    if (timeoutMs - leftMs > tellAtMs) {
      const other = await otherPort(command, url);
      if (other !== told) {
        const said = other === null ? "" : `; it listens at port ${other}`;
        progress.line(
          `still waiting until something listens at ${name}, for ${Math.round(leftMs / 1000)} s at most${said}`,
        );
      }
      told = other;
      tellAtMs += LOOK_AGAIN_MS;
    }
    await delay(ASK_AGAIN_MS, undefined, { signal });
  }
  const other = await otherPort(command, url);
  tellTail(progress, command);
  throw new EnvironmentError(
    `nothing listens at ${name} ${timeoutMs / 1000} s after --start's command was started${other === null ? because(command) : ""}`,
    other === null
      ? "give the URL where it does, or a longer --start-timeout"
      : `it listens at port ${other}: give that one, or have it listen at ${endpointOf(url).port}, e.g. by --start-env PORT=${endpointOf(url).port}`,
  );
}

const ASK_AGAIN_MS = 100;
const ODD_MS = 3000;
const TELL_AFTER_MS = 5000;
/** By then it may listen somewhere: then that is said too, instead of a minute's silence. */
const LOOK_AGAIN_MS = 2000;

/**
 * A port where the app listens; null where there is none but the one that was asked for. A port that it names may be its
 * database's, so those come first that are its own as well; in a container none is.
 */
async function otherPort(command: UserCommand, url: URL): Promise<number | null> {
  const { host, port } = endpointOf(url);
  const own = await listeningPorts(command.pid);
  const said = saidPorts(command.tail());
  for (const other of [...said.filter((one) => own.includes(one)), ...own, ...said]) {
    if (other !== port && (await listens({ host, port: other }))) return other;
  }
  return null;
}

/** host:port, never a path or a query. */
export const nameOf = (url: URL): string => `${url.hostname}:${endpointOf(url).port}`;
