/**
 * Listens for Ctrl-C, SIGTERM and SIGHUP, and for npm's end.
 * @param first called once, with the signal's name
 * @param again called when somebody does not want to wait and interrupts again
 * @returns a function that stops listening
 */
export function onInterrupt(first: (name: string) => void, again: (name: string) => void): () => void {
  let sinceMs: number | null = null;
  const interrupt = (name: string) => {
    if (sinceMs === null) {
      sinceMs = performance.now();
      first(name);
    } else if (performance.now() - sinceMs > ONE_PRESS_MS) again(name);
  };
  for (const name of SIGNALS) process.on(name, interrupt);
  const stopWatching = onEndOfNpm(() => {
    if (sinceMs === null) interrupt("npm ended");
  });
  return () => {
    for (const name of SIGNALS) {
      // One more, after all is stopped and before this process has ended, must not change what it ends with.
      if (sinceMs !== null) process.on(name, () => {});
      process.off(name, interrupt);
    }
    stopWatching();
  };
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** One Ctrl-C may come twice: from the terminal, and from npm, which passes it on (@npmcli/run-script). */
const ONE_PRESS_MS = 300;

/** npm run passes a SIGTERM to its shell, which ends without telling us: then nothing would stop the parts. */
function onEndOfNpm(listener: () => void): () => void {
  if (!process.env.npm_lifecycle_event) return () => {};
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid !== parent) listener();
  }, 250).unref();
  return () => clearInterval(watch);
}
