// A proposal by its number, or by its id as other programs name it.

import type { Ledger, Proposal } from "@openledger/sdk/ledger";
import { usage } from "../errors.js";
import type { Chain } from "./ledgerCommand.js";

/** Throws `cli/usage` if there is none. */
export async function findProposal(chain: Chain, ledger: Ledger, asked: string): Promise<Proposal> {
	const proposals = await chain.readProposals(ledger);
	if (!/^\d{1,78}$/.test(asked) && !/^0x[0-9a-fA-F]{1,64}$/.test(asked))
		throw usage(`${JSON.stringify(asked)} names no proposal; give its number from openledger gov list, or its id`);
	const wanted = BigInt(asked);
	const found = proposals.find(({ number, id }) => BigInt(number) === wanted || id === wanted);
	if (found !== undefined) return found;
	const known = proposals.length === 0 ? "there is none yet" : `there are 1 to ${proposals.length}`;
	throw usage(`there is no proposal ${asked}; ${known}, see openledger gov list`);
}
