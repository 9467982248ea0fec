/** npm run test:chaos: a seeded run of faults around the real commands. */
export { main } from "../test/chaos/main.ts";
