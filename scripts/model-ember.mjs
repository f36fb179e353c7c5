// `npm run model:ember`: rebuilds the shipped base model from the repository alone; see models/ember.
import { join } from "node:path";
import { install, requireNode, root, run } from "./lib.mjs";

requireNode();
await install();
const build = join(root, "models", "ember", "build.ts");
process.exitCode = await run(process.execPath, [
	"--import",
	"tsx",
	"--conditions=source",
	build,
	...process.argv.slice(2),
]);
