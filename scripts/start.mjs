// `npm start`: installs, builds, runs the main job on the shipped datanet and stays up. `-- --port 9000` and the like go to `openledger up`.
import { openledger } from "./lib.mjs";

await openledger("up", "--main-job", ...process.argv.slice(2));
