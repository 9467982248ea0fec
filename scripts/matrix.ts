/** npm run matrix: every Node from 8 on. */
export { main } from "../lab/matrix.ts";
