// A real node on a small world, in this process: chain, database, socket, a trained model, and a wallet that holds OPEN.

import { randomBytes } from "node:crypto";
import { fundOpen } from "@openledger/chain";
import { bytesToHex, type Hex } from "@openledger/protocol";
import { privateKeyToAccount } from "viem/accounts";
import { runMainJob } from "../../apps/node/src/mainJob/runMainJob.js";
import { type OpenNode, openNode } from "../../apps/node/src/openNode.js";
import { type SmallWorld, smallData, smallWorld, tinyRecipe } from "../../apps/node/src/testing/smallWorld.js";

export type SmallNode = {
	readonly url: string;
	readonly home: string;
	readonly world: SmallWorld;
	readonly node: OpenNode;
	/** Makes an account with so much OPEN and no coins. */
	richAccount(openWei?: bigint): Promise<{ readonly privateKey: Hex; readonly address: string }>;
	close(): Promise<void>;
};

const PURSE_WEI = 10n ** 19n;

export async function smallNode(): Promise<SmallNode> {
	const world = await smallWorld();
	const node = await openNode(world.config);
	await runMainJob(node, { data: smallData, recipe: tinyRecipe });
	const { url } = await node.serve();
	return {
		...{ url, home: world.config.home, world, node },
		async richAccount(openWei = PURSE_WEI) {
			const privateKey = bytesToHex(randomBytes(32));
			const { address } = privateKeyToAccount(privateKey);
			const { ledger, keys } = node.parts;
			await fundOpen(ledger, keys.account("treasury"), { to: address, atLeastWei: openWei });
			return { privateKey, address };
		},
		async close() {
			await node.close();
			world.remove();
		},
	};
}
