/**
 * Aborts with `signal`, or after `ms`. Not AbortSignal.timeout() in AbortSignal.any(): nothing holds that one, so it is
 * collected before its time and never fires (nodejs/node#57736).
 */
export function abortAfter(ms: number, signal: AbortSignal): AbortSignal {
  const late = new AbortController();
  setTimeout(() => late.abort(), ms).unref();
  return AbortSignal.any([signal, late.signal]);
}
