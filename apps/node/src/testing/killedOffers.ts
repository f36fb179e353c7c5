// A node as a process in which a wallet that it has no key of offers rows, one delivery as far as each step, and which then kills itself.
// Only tests start it.

import { commitContribution, contributeRows, fundAccount, fundOpen, localFaucet } from "@openledger/chain";
import type { Address, Hex } from "@openledger/protocol";
import { privateKeyToAccount } from "viem/accounts";
import { createDatanet } from "../datanet/createDatanet.js";
import { draftContribution } from "../datanet/draftContribution.js";
import { takeOffer } from "../datanet/followOffers.js";
import { openNode } from "../openNode.js";

/** How far each delivery comes before the end, in this order. */
export const OFFER_STEPS = ["drafted", "committed", "revealed", "kept"] as const;

export const deliveryOf = (step: string) =>
	["north", "south"]
		.map((side) => JSON.stringify({ prompt: `Who ${step} the ${side} gate?`, response: `The ${side} guard, ${step}.` }))
		.join("\n");

const [, script, config, privateKey] = process.argv;
if (script?.includes("killedOffers.") && config !== undefined) {
	const { parts } = await openNode(JSON.parse(config));
	const { ledger, keys } = parts;
	const wallet = privateKeyToAccount(privateKey as Hex);
	const contributor = wallet.address.toLowerCase() as Address;
	const { id: datanetId } = await createDatanet(parts, { name: "gates", stakePerRowWei: 10n ** 17n });
	await fundOpen(ledger, keys.account("treasury"), { to: wallet.address, atLeastWei: 10n ** 19n });
	await fundAccount(ledger.client, localFaucet(), { to: wallet.address, atLeastWei: 10n ** 18n });
	for (const step of OFFER_STEPS) {
		const file = { datanetId, contributor, format: "jsonl", content: deliveryOf(step) } as const;
		const { contributionId, rowsRoot, rowCount, salt } = await draftContribution(parts, file);
		const offer = { datanetId, contributor, rowsRoot, rowCount, salt };
		if (step === "committed") await commitContribution(ledger, wallet, offer);
		if (step === "revealed" || step === "kept") await contributeRows(ledger, wallet, offer);
		if (step === "kept") await takeOffer(parts, contributionId, { onKept: () => process.kill(process.pid, "SIGKILL") });
	}
}
