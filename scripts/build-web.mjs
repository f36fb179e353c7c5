// `npm run build:web`: the explorer into apps/web/dist, which a node serves at its root; a node that is up takes it with the next page it sends.
import { buildWeb, install, requireNode } from "./lib.mjs";

requireNode();
await install();
if (!(await buildWeb())) process.exitCode = 1;
