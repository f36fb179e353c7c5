// Shows what is demanded of this node's pending roots, before it is too late: chunks of their data. Whoever proposed them is meant, so the
// part of the bond that an answer earns is not the reason. It must not judge the demand.

import { answerChunk, readRootDemands } from "@openledger/chain";
import { bytesToHex, dataTree, type Hex, type RootProposal, rootProposalHash } from "@openledger/protocol";
import { encodeEpochBlob } from "@openledger/rollup";
import type { NodeParts } from "../parts.js";
import { readEpochBlob } from "./epochData.js";

/** Answers all demands for chunks; those for rows are told, as they take a look at the rows. */
export async function answerDemands(parts: NodeParts, proposal: RootProposal): Promise<void> {
	const { keys, ledger } = parts;
	const epoch = Number(proposal.claim.epoch);
	const demands = await readRootDemands(ledger, rootProposalHash(proposal));
	if (demands.length === 0) return;
	const tree = dataTree(encodeEpochBlob(await readEpochBlob(parts, epoch)));
	for (const { asked, deadline } of demands) {
		if (asked.kind === "row") {
			const until = new Date(Number(deadline) * 1000).toISOString();
			parts.log(
				`row ${asked.row} of receipt ${asked.receiptId} is said to be left out of epoch ${epoch}; answer by ${until}`,
			);
			continue;
		}
		const chunk: Hex = bytesToHex(tree.chunkAt(asked.index));
		const siblings = tree.proofFor(asked.index);
		await answerChunk(ledger, keys.account("node"), { proposal, index: asked.index, chunk, siblings });
		parts.log(`chunk ${asked.index} of epoch ${epoch} was demanded and is shown`);
	}
}
