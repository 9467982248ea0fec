/** k6 has a console, @types/k6 does not declare it. */
declare const console: { log(message: string): void };
