// A node with an audit under way, as a program to be killed: `node killedAudit CONFIG BODY`, both JSON.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openNode } from "../openNode.js";

const [, , config, body] = process.argv;
if (config !== undefined && body !== undefined) {
	const node = await openNode(JSON.parse(config));
	const { url } = await node.serve();
	const token = readFileSync(join(node.parts.home, "admin-token"), "utf8");
	const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
	const answer = await fetch(`${url}/api/audits`, { method: "POST", headers, body });
	process.stdout.write(`${answer.status} ${await answer.text()}\n`);
}
