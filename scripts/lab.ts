/** npm run lab: the experiments of lab/. */
export { main } from "../lab/command.ts";
