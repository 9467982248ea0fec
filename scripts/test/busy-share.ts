import { cpus } from "node:os";

/** Looks at how busy the machine's cores were between two calls: 0 to 1, over all of them. */
export function createBusyShare(): () => number {
  let last = total();
  return () => {
    const now = total();
    const [busy, all] = [now.busy - last.busy, now.all - last.all];
    last = now;
    return all === 0 ? 0 : busy / all;
  };
}

function total(): { busy: number; all: number } {
  let [busy, all] = [0, 0];
  for (const { times } of cpus()) {
    const { idle, ...others } = times;
    const here = Object.values(others).reduce((sum, ms) => sum + ms, 0);
    busy += here;
    all += here + idle;
  }
  return { busy, all };
}
