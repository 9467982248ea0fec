import { InconclusiveError } from "../run/exit.ts";

/** What `promise` resolves to. @throws InconclusiveError that says `what`, when it takes longer than `ms` */
export async function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new InconclusiveError(`${what} after ${ms / 1000} s`)), ms);
    timer.unref(); // an interrupted run must not wait for it
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
