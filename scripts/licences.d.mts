/** For TypeScript: what licences.mjs, which runs before anything is installed, has for others. */
export function isAllowed(found: { name: string; licence: string }): boolean;
export function nameOf(text: string): string | null;
