// A node as a process of its own, to be killed: `node nodeProgram.mjs CONFIG MAIN_JOB`. It goes the whole way first where it is told to, as far
// as that is not done, prints its address once it listens, and ends in order when its input does.

import { runMainJob } from "../../../apps/node/src/mainJob/runMainJob.js";
import { openNode } from "../../../apps/node/src/openNode.js";
import { smallJob } from "../../../apps/node/src/testing/smallWorld.js";

const [config = "{}", mainJob] = process.argv.slice(2);
const node = await openNode(JSON.parse(config));
if (mainJob === "main-job") await runMainJob(node, smallJob);
process.stdout.write(`${(await node.serve()).url}\n`);
process.stdin.resume().once("end", async () => {
	await node.close();
	process.exit();
});
