// A node as a process that settles, and kills itself after the step that it is told. Only tests start it.

import { openNode } from "../openNode.js";
import { closeEpoch } from "../settlement/closeEpoch.js";

const [, , config, step] = process.argv;
if (config !== undefined) {
	const node = await openNode(JSON.parse(config));
	await closeEpoch(node.parts, {
		onStep(done) {
			if (done === step) process.kill(process.pid, "SIGKILL");
		},
	});
	await node.close();
}
