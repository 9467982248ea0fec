/** Choices that come again with the same seed. */
export interface Random {
  /** A whole number, both ends included. */
  between(from: number, to: number): number;
  pick<T>(list: readonly T[]): T;
  shuffled<T>(list: readonly T[]): T[];
  /** A source of its own: what is drawn from it leaves this one as it is. */
  fork(name: string): Random;
}

/** Mulberry32 (Tommy Ettinger, public domain): 32 bits of state, plenty for choices. */
export function randomOf(seed: number | string): Random {
  let state = hashOf(`${seed}`);
  const fraction = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const random: Random = {
    between: (from, to) => from + Math.floor(fraction() * (to - from + 1)),
    pick: (list) => list[random.between(0, list.length - 1)]!,
    shuffled(list) {
      const left = [...list];
      return list.map(() => left.splice(random.between(0, left.length - 1), 1)[0]!);
    },
    fork: (name) => randomOf(`${seed}/${name}`),
  };
  return random;
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash | 0;
}
