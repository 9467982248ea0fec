import assert from "node:assert/strict";
import { it } from "node:test";
import { ComposeError } from "../../../src/stage/docker/compose.ts";
import { upError } from "../../../src/stage/docker/up-error.ts";

// Compose's own words: Docker 20.10.24 with Compose 2.40.3, where nothing else is said.
const cases: [what: string, words: string, line: RegExp][] = [
  [
    "a port that a process of this machine has",
    ` Container x-lb-1  Starting
Error response from daemon: driver failed programming external connectivity on endpoint x-lb-1 (aada485def853ed1ac1bddb6163cd0b05d2c15536cff9bcb91476c426def2793): Error starting userland proxy: listen tcp4 127.0.0.1:18080: bind: address already in use
`,
    /^port 18080 is in use; choose another with --port/,
  ],
  [
    "a port that another container has",
    ` Container x-lb-1  Starting
Error response from daemon: driver failed programming external connectivity on endpoint x-lb-1 (091e72c8d20581fd9e4bd734c762520d539048f0b0f3df3694c3ab84d0e379e9): Bind for 127.0.0.1:18080 failed: port is already allocated
`,
    /^port 18080 is in use; choose another with --port/,
  ],
  [
    "a port that a process has, in Docker Desktop's words (docker/for-mac issue 6461)",
    "Error response from daemon: Ports are not available: exposing port TCP 127.0.0.1:18080 -> 0.0.0.0:0: listen tcp 127.0.0.1:18080: bind: address already in use\n",
    /^port 18080 is in use; choose another with --port/,
  ],
  [
    "a folder that the engine does not see",
    ` Container x-target-1  Creating
 Container x-target-1  Error response from daemon: invalid mount config for type "bind": bind source path does not exist: /no/such
Error response from daemon: invalid mount config for type "bind": bind source path does not exist: /no/such
`,
    /^the Docker engine does not see \/bundles: set TMPDIR to a folder that it shares/,
  ],
  [
    "an image that was removed meanwhile",
    ` target IPv4 forwarding is disabled. Networking will not work. 
 Container x-lb-1  Creating
 Container x-lb-1  Error response from daemon: No such image: no.such.invalid/haproxy:1
Error response from daemon: No such image: no.such.invalid/haproxy:1
`,
    /^the containers did not become ready: Error response from daemon: No such image: no\.such\.invalid\/haproxy:1; see npm run doctor/,
  ],
  [
    "a target that ends at once",
    ` Container x-target-1  Error
 Container x-network-settings-1  Exited
dependency failed to start: container x-target-1 exited (2)
`,
    /^the containers did not become ready: dependency failed to start: container x-target-1 exited \(2\); /,
  ],
  [
    "a network that cannot be set up",
    ` Container x-target-1  Healthy
 Container x-network-settings-1  service "network-settings" didn't complete successfully: exit 2
service "network-settings" didn't complete successfully: exit 2
`,
    /^the containers did not become ready: service "network-settings" didn't complete successfully: exit 2; /,
  ],
  [
    "an image without the user that the part runs as",
    ` Container x-target-1  Healthy
 Container x-lb-1  Starting
Error response from daemon: unable to find user haproxy: no matching entries in passwd file
`,
    /^the containers did not become ready: .*unable to find user haproxy: no matching entries in passwd file; /,
  ],
  [
    "no word at all",
    " Network x_default  Created\n Container x-lb-1  Waiting\n",
    /^the containers did not become ready: it does not say why; /,
  ],
];

for (const [what, words, line] of cases) {
  it(`Compose's words about ${what} become one line.`, () => {
    const error = upError(new ComposeError("", words), { lb: 18080, target: 1808, network: 8080 }, "/bundles");
    assert.equal(error.name, "EnvironmentError");
    assert.match(error.message, line);
    assert.doesNotMatch(error.message, /\n/);
  });
}
