import { type Bounded, LONGEST_KEY } from "./bounded.ts";

/**
 * What a Bounded holds, found by the bytes of a key: no string is made for one that was met before.
 * @returns reads the key from `start` to `end`
 */
export function createByteKeys<T>(bounded: Bounded<T>): {
  get(bytes: Uint8Array, start: number, end: number): T;
} {
  const slots = new Int32Array(SLOTS).fill(-1);
  const keys: Uint8Array[] = [];
  const values: T[] = [];
  return {
    get(bytes, start, wholeEnd) {
      const end = Math.min(wholeEnd, start + LONGEST_KEY);
      let hash = 0;
      for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + bytes[at]!) | 0;
      let slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
      for (let known = slots[slot]!; known !== -1; known = slots[slot]!) {
        if (isSame(keys[known]!, bytes, start, end)) return values[known]!;
        slot = (slot + 1) & (SLOTS - 1);
      }
      const value = bounded.get(Buffer.from(bytes.subarray(start, end)).toString("latin1"));
      if (value === bounded.others() || keys.length >= MOST) return value;
      slots[slot] = keys.length;
      keys.push(bytes.slice(start, end));
      values.push(value);
      return value;
    },
  };
}

/** At most a quarter is used, so that a search is short. */
const SLOTS = 8192;
const MOST = SLOTS / 4;

function isSame(key: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (key.length !== end - start) return false;
  for (let i = 0; i < key.length; i++) if (key[i] !== bytes[start + i]) return false;
  return true;
}
