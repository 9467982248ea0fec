import type { Doorkeeper, Passage, Said } from "../../stage/relay.ts";
import { requestIdIn } from "./request-id.ts";

/**
 * A concurrent breakpoint on the target's close (Park and Sen, UCB/EECS-2011-159): what the target says unasked on an idle
 * connection waits at the door until the LB's next request has passed on that same connection, or until a deadline. A
 * network may delay a segment by as much, so the order that this forces is one that real traffic has too:
 * the FIN leaves the target, the LB sends its request, the FIN reaches the LB.
 */
export interface Breakpoint extends Doorkeeper {
  /** From now until the turn's end, connections that carry an exchange are noted. One turn at a time. */
  beginTurn(): Turn;
  /** When a request came to the target's door, performance.now(); null over TLS, where ids cannot be read. */
  arrivalOf(requestId: string): number | null;
  /** Lets go of all that is kept back, and keeps nothing back from then on. */
  open(): void;
}

export interface Turn {
  /**
   * The one connection that carried the turn's exchange, idle now. null when none did, or several did: then the turn
   * has to be taken again.
   * @param isMine whether a request ID is that of the exchange; of TLS nobody can read one, and the turn alone decides
   */
  end(isMine: (requestId: string) => boolean): IdleConnection | null;
}

/** What a target said on an idle connection: it closed (FIN), reset (RST), or sent bytes: a 408, a TLS alert. */
export type Unasked = { kind: Said["kind"]; atMs: number };

/** A pooled connection that waits for its next request. All times are performance.now(). */
export interface IdleConnection {
  /** When the last byte of the target's answer came by. */
  idleSinceMs: number;
  /** Resolves with the first thing that the target says unasked; never, when it says nothing. */
  unasked: Promise<Unasked>;
  /** Whether that is kept back until the next request comes by; false for one that is only watched. */
  keep(keep: boolean): void;
  /** What became of it so far. */
  fate(): Fate;
  /** Stops watching it. */
  leave(): void;
}

export interface Fate {
  unasked: Unasked | null;
  /** When the next request came by on this same connection. */
  requestAtMs: number | null;
  /** How long what was said was kept back, ms; null = it was not, or still is. */
  heldMs: number | null;
  /** What was kept back had to be let go before a request came. */
  late: boolean;
  /** Whether a request came by while what was said was kept back: the order that was to be forced. */
  met: boolean;
  /** The LB closed its side before it sent another request. */
  leftByLb: boolean;
  /** The target said something after that request: whatever became of it, the connection was not closed under it. */
  answered: boolean;
}

/** @param deadlineMs the longest that anything is kept back */
export function createBreakpoint(deadlineMs = DEADLINE_MS): Breakpoint {
  const doors = new Map<Passage, Door>();
  const arrivals = new Map<string, number>();
  let turn: Set<Door> | null = null;
  let opened = false;

  const doorOf = (passage: Passage): Door => {
    const found = doors.get(passage) ?? { passage, requestId: null, answeredMs: null, watch: null };
    doors.set(passage, found);
    return found;
  };

  return {
    beginTurn() {
      turn = new Set();
      const touched = turn;
      return {
        end(isMine) {
          if (turn === touched) turn = null;
          const answered = [...touched].filter(({ answeredMs }) => answeredMs !== null);
          const mine = answered.filter(({ requestId }) => requestId === null || isMine(requestId));
          const [door] = mine;
          if (!door || mine.length > 1) {
            for (const one of answered) letGo(one);
            return null;
          }
          door.watch ??= createWatch(door, deadlineMs);
          return door.watch.connection;
        },
      };
    },
    arrivalOf: (requestId) => arrivals.get(requestId) ?? null,
    open() {
      opened = true;
      for (const door of doors.values()) letGo(door);
    },

    fromLb(passage, bytes) {
      const atMs = performance.now();
      const id = requestIdIn(bytes);
      if (id !== null) arrivals.set(id, atMs);
      const door = doorOf(passage);
      door.requestId = id ?? door.requestId;
      if (door.watch) door.watch.asked(atMs);
      else turn?.add(door);
      door.answeredMs = null;
    },
    fromTarget(passage, said) {
      const door = doorOf(passage);
      const atMs = performance.now();
      if (opened) return false;
      // The turn's own connection: a target that closes right after its answer does so before its user can say anything.
      if (door.watch === null && turn?.has(door) && said.kind !== "bytes" && door.answeredMs !== null) {
        door.watch = createWatch(door, deadlineMs);
        door.watch.connection.keep(true);
      }
      if (door.watch && !door.watch.connection.fate().requestAtMs) return door.watch.said(said.kind, atMs);
      if (said.kind === "bytes") {
        door.answeredMs = atMs;
        if (!isTlsAlert(said.bytes)) door.watch?.answered();
      }
      return false;
    },
    ended(passage) {
      const door = doors.get(passage);
      door?.watch?.left();
      if (door) letGo(door);
      doors.delete(passage);
    },
  };
}

/**
 * Ten times what is kept back in the median, beside the way through the network; beyond it, it would stand for no network
 * between two zones any more.
 */
export const DEADLINE_MS = 50;

/** A connection at the door. */
interface Door {
  passage: Passage;
  /** Of the last request; null = nobody can read it. */
  requestId: string | null;
  /** When the last byte of the answer to its last request came by. */
  answeredMs: number | null;
  watch: Watch | null;
}

interface Watch {
  connection: IdleConnection;
  asked(atMs: number): void;
  answered(): void;
  /** @returns whether it is kept back */
  said(kind: Said["kind"], atMs: number): boolean;
  /** The LB's side has ended. */
  left(): void;
  end(): void;
}

/** As the end of a TLS connection is: an alert, which TLS 1.3 hides in a record of application data (RFC 8446 section 5). */
const isTlsAlert = (bytes: Buffer): boolean => bytes[0] === 0x15 || (bytes[0] === 0x17 && bytes.length <= ALERT_BYTES);

/** A record's head, an alert, its kind and the tag of any cipher. */
const ALERT_BYTES = 5 + 2 + 1 + 16;

function letGo(door: Door): void {
  door.watch?.end();
  door.watch = null;
}

function createWatch(door: Door, deadlineMs: number): Watch {
  let tell: (unasked: Unasked) => void = () => {};
  const unasked = new Promise<Unasked>((resolve) => {
    tell = resolve;
  });
  const fate: Fate = {
    unasked: null,
    requestAtMs: null,
    heldMs: null,
    late: false,
    met: false,
    leftByLb: false,
    answered: false,
  };
  let keeps = false;
  let deadline: NodeJS.Timeout | null = null;

  const release = () => {
    if (deadline === null) return;
    clearTimeout(deadline);
    deadline = null;
    fate.heldMs = performance.now() - fate.unasked!.atMs;
    door.passage.release();
  };
  const connection: IdleConnection = {
    idleSinceMs: door.answeredMs!,
    unasked,
    keep(keep) {
      keeps = keep;
    },
    fate: () => ({ ...fate }),
    leave() {
      release();
      if (door.watch?.connection === connection) door.watch = null;
    },
  };
  return {
    connection,
    asked(atMs) {
      fate.requestAtMs ??= atMs;
      if (deadline !== null) fate.met = true;
      release();
    },
    answered() {
      fate.answered = true;
    },
    said(kind, atMs) {
      const first = fate.unasked === null;
      fate.unasked ??= { kind, atMs };
      if (first && keeps) {
        deadline = setTimeout(() => {
          fate.late = true;
          release();
        }, deadlineMs);
      }
      tell(fate.unasked);
      return deadline !== null;
    },
    left() {
      if (fate.requestAtMs === null) fate.leftByLb = true;
    },
    end: release,
  };
}
