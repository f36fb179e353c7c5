// A node that serves, as a program to be killed: `node servedNode.ts CONFIG`, a JSON; it prints its address when it listens.

import { openNode } from "../openNode.js";

const [, script, config] = process.argv;
if (script?.endsWith("servedNode.ts") && config !== undefined) {
	const node = await openNode(JSON.parse(config));
	process.stdout.write(`${(await node.serve()).url}\n`);
}
