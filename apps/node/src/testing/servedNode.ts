// A node that serves, as a program to be killed: `node servedNode CONFIG`, a JSON; it prints its address when it listens.

import { openNode } from "../openNode.js";

const [, , config] = process.argv;
if (config !== undefined) {
	const node = await openNode(JSON.parse(config));
	process.stdout.write(`${(await node.serve()).url}\n`);
}
