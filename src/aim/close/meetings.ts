import { type Deferred, deferred } from "../../probe/deferred.ts";

/**
 * Where k6's users and the coordinator wait for each other, whoever comes first: a user asks, the coordinator answers
 * when it has something to say.
 */
export interface Meetings {
  /** What a user says, and the answer that it waits for. */
  ask(topic: string, said: unknown): Promise<object>;
  /** The next one who asks about `topic`. */
  meet(topic: string): Promise<Visit>;
  /** How many have asked about `topic` so far. */
  askedOf(topic: string): number;
}

export interface Visit {
  said: unknown;
  answer(what: object): void;
}

export function createMeetings(): Meetings {
  const topics = new Map<string, { visits: Deferred<Visit>[]; asked: number; met: number }>();
  const at = (topic: string) => {
    const found = topics.get(topic) ?? { visits: [], asked: 0, met: 0 };
    topics.set(topic, found);
    return found;
  };
  const visit = (topic: string, number: number): Deferred<Visit> => {
    const { visits } = at(topic);
    visits[number] ??= deferred<Visit>();
    return visits[number];
  };
  return {
    ask(topic, said) {
      const answered = deferred<object>();
      visit(topic, at(topic).asked++).resolve({ said, answer: answered.resolve });
      return answered.promise;
    },
    meet: (topic) => visit(topic, at(topic).met++).promise,
    askedOf: (topic) => at(topic).asked,
  };
}
