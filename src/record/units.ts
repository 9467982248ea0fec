/** A measured time: "6.00 s", below a second "205.3 ms". */
export function measured(ms: number): string {
  return ms < 1000 ? `${ms.toFixed(1)} ms` : `${(ms / 1000).toFixed(2)} s`;
}

/** A time that somebody set: "60 s", "1.5 s", "500 ms". */
export function setting(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${ms / 1000} s`;
}

/** A share from 0 to 1 as the number of per cent, without the sign: "92.5", "0.037"; "100" only for all of them. */
export function percent(share: number): string {
  const value = share * 100;
  if (value === 0 || value === 100) return `${value}`;
  return value < 1 ? value.toPrecision(2) : `${Math.min(Number(value.toFixed(1)), 99.9)}`;
}
