import type { Software } from "./recognise.ts";
import { SERVERS } from "./server-facts.ts";

/** What --framework takes, in alphabetical order: the servers of servers.json, and what runs on them. */
export const frameworkNames = (): string[] => SERVERS.flatMap(({ id, also = [] }) => [id, ...also]).sort();

/** The software of that name, however it is written: "Spring Boot", "next.js". null = not known. */
export function frameworkNamed(text: string): Software | null {
  const wanted = plain(text);
  const facts = SERVERS.find(({ id, also = [] }) => [id, ...also].some((name) => plain(name) === wanted));
  return facts ? { id: facts.id, title: facts.title, by: "--framework says", sure: true } : null;
}

const plain = (name: string): string => name.toLowerCase().replace(/[\s._-]|js$/g, "");
