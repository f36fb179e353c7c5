// A real node on a small world, in this process: chain, database, socket, a trained model, and a wallet that holds OPEN.

import { randomBytes } from "node:crypto";
import { fundOpen } from "@openledger/chain";
import { bytesToHex, type Hex, sha256, utf8 } from "@openledger/protocol";
import { createPayingFetch } from "@openledger/sdk";
import { privateKeyToAccount } from "viem/accounts";
import type { NodeConfig } from "../../apps/node/src/config.js";
import { runMainJob } from "../../apps/node/src/mainJob/runMainJob.js";
import { type OpenNode, openNode } from "../../apps/node/src/openNode.js";
import { type SmallWorld, smallJob, smallWorld } from "../../apps/node/src/testing/smallWorld.js";

export type SmallNode = {
	readonly url: string;
	readonly home: string;
	readonly world: SmallWorld;
	readonly node: OpenNode;
	/** Makes an account with so much OPEN and no coins. */
	richAccount(openWei?: bigint): Promise<{ readonly privateKey: Hex; readonly address: string }>;
	/** Buys a prepaid API key with 1 OPEN of an account. */
	prepaidKey(privateKey: Hex): Promise<string>;
	close(): Promise<void>;
};

const KEY_WEI = 10n ** 18n;
const PURSE_WEI = 10n ** 19n;

/** `config` is what differs from a small world's; `isOwn`: the main job is done with that, and not copied from a world's that differs nowhere. */
export async function smallNode(config: Partial<NodeConfig> = {}, { isOwn = false } = {}): Promise<SmallNode> {
	const world = await smallWorld({ stage: isOwn ? "begun" : "settled" });
	const node = await openNode({ ...world.config, ...config });
	if (isOwn) await runMainJob(node, smallJob);
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
		async prepaidKey(privateKey) {
			const key = `olk_${randomBytes(32).toString("base64url")}`;
			const pay = createPayingFetch({
				account: privateKeyToAccount(privateKey),
				chainId: world.config.chainId,
				token: node.parts.ledger.addresses.openToken,
				maxWeiPerRequest: KEY_WEI,
			});
			const response = await pay(`${url}/v1/openledger/keys`, {
				method: "POST",
				headers: { "content-type": "application/json" },
				body: JSON.stringify({ keyHash: sha256(utf8(key)), amountWei: String(KEY_WEI) }),
			});
			if (!response.ok) throw new Error(await response.text());
			return key;
		},
		async close() {
			await node.close();
			world.remove();
		},
	};
}
