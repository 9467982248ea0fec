import { called } from "../../run/called.ts";
import { EnvironmentError } from "../../run/exit.ts";
import { lastLine } from "../../run/last-words.ts";
import type { ComposeError } from "./compose.ts";
import { USE_NATIVE } from "./docker.ts";
import { unseen } from "./images.ts";

/**
 * What keeps `docker compose up` from being ready, in one line.
 * @param ports those on this machine that it was to publish
 * @param bundles the folder that the containers were to see
 */
export function upError(error: ComposeError, ports: Record<string, number>, bundles: string): Error {
  const { output } = error;
  const port = Object.values(ports).find((one) => output.includes(`:${one} `) || output.includes(`:${one}:`));
  if (/port is already allocated|address already in use|ports are not available/i.test(output)) {
    return new EnvironmentError(
      `port ${port ?? "of a container"} is in use; choose another with --port, or free ones without`,
    );
  }
  if (/bind source path does not exist|mounts denied/i.test(output)) {
    return unseen(bundles);
  }
  return new EnvironmentError(
    "the containers did not become ready",
    `${reason(output)}; see ${called("doctor")}`,
    USE_NATIVE,
  );
}

/** Compose's last line that is not one of its steps. */
const reason = (output: string): string =>
  lastLine(output, /^ *(Container|Network) \S+ +\w+$|IPv4 forwarding/) || "it does not say why";
