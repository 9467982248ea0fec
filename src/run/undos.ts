/** What a run that is given up leaves, and the command that removes it. */
export interface Left {
  what: string;
  command: string;
}

export type Undo = () => Promise<void> | void;

/** What has to be undone at the end of something. */
export interface Undos {
  /** @param left what is there until `undo` is done, where this process's own end does not undo it */
  defer(undo: Undo, left?: () => Left[]): void;
  /** Calls each once, as undoLastFirst() does. */
  all(): Promise<void>;
  /** What is still there. */
  left(): Left[];
}

export function createUndos(): Undos {
  const undos: Undo[] = [];
  const lefts = new Set<() => Left[]>();
  return {
    defer(undo, left = () => []) {
      lefts.add(left);
      undos.push(async () => {
        await undo();
        lefts.delete(left);
      });
    },
    all: () => undoLastFirst(undos),
    left: () => [...lefts].flatMap((left) => left()),
  };
}

/** Empties `undos` by calling each, the last one first. @throws what the first failing one threw, after all had their turn */
export async function undoLastFirst(undos: Undo[]): Promise<void> {
  let failure: { error: unknown } | undefined;
  for (let undo = undos.pop(); undo !== undefined; undo = undos.pop()) {
    // One that fails must not keep the others from their turn.
    await Promise.resolve()
      .then(undo)
      .catch((error) => {
        failure ??= { error };
      });
  }
  if (failure) throw failure.error;
}
