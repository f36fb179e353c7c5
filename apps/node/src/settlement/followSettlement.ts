// What goes on by itself while a node is open: roots whose time has come are activated, and blocks that the chain took back are brought
// back. It must not propose anything.

import { mendReorg } from "@openledger/chain";
import { errorText } from "../errors.js";
import type { NodeParts } from "../parts.js";
import { activateEpochs } from "./activateEpochs.js";

export type FollowedSettlement = { stop(): Promise<void> };

const EVERY_MS = 1000;

export function followSettlement(parts: NodeParts): FollowedSettlement {
	let stopped = false;
	let timer: NodeJS.Timeout;
	let under: Promise<void> = Promise.resolve();
	let said = "";
	const look = async () => {
		try {
			const { sentAgain, refused } = await mendReorg(parts.ledger.client);
			if (sentAgain + refused > 0)
				parts.log(`the chain took blocks back: ${sentAgain} transactions sent again, ${refused} refused`);
			await parts.turns("epoch", () => activateEpochs(parts));
			said = "";
		} catch (error) {
			const text = errorText(error);
			// The same trouble once a second is told once.
			if (!stopped && text !== said) parts.log(`settlement is not followed: ${text}`);
			said = text;
		}
		if (!stopped) timer = setTimeout(run, EVERY_MS);
	};
	const run = () => {
		under = look();
	};
	timer = setTimeout(run, EVERY_MS);
	return {
		async stop() {
			stopped = true;
			clearTimeout(timer);
			await under;
		},
	};
}
