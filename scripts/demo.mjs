// `npm run demo -- [--data FILE] [--ask "…"] [--json]`: the main job once, in a fresh temporary home.
import { openledger } from "./lib.mjs";

await openledger("demo", ...process.argv.slice(2));
