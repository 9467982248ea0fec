import { type Answering, inBetween } from "./in-between.ts";

/** What else an answer tells that a verdict should not be read without, as whole sentences. */
export const remarksOn = (answer: Answering): string[] => [...inBetween(answer), ...announcedLimit(answer)];

/** Apache counts down to it, Node and others repeat it: the first answer has the whole. */
function announcedLimit({ tells }: Answering): string[] {
  const max = tells?.maxRequests ?? null;
  return max === null
    ? []
    : [
        `Its Keep-Alive header says max=${max}: it ends a connection after about so many requests, whether idle or not.`,
      ];
}
