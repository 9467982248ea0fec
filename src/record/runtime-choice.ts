/** Where the parts run; auto = docker where an engine answers, else native. */
export const RUNTIMES = ["auto", "docker", "native"] as const;
export type RuntimeChoice = (typeof RUNTIMES)[number];
