// Shows what is demanded of this node's pending roots, before it is too late: chunks of their data, and why a row does not count. Whoever proposed them is meant, so the
// part of the bond that an answer earns is not the reason. It must not judge the demand.

import { answerChunk, answerRow, readRootDemands } from "@openledger/chain";
import { bytesToHex, dataTree, type Hex, type RootProposal, rootProposalHash } from "@openledger/protocol";
import { encodeEpochBlob } from "@openledger/rollup";
import type { NodeParts } from "../parts.js";
import { readEpochBlob } from "./epochData.js";
import { rowAnswer } from "./rowAnswer.js";

/** Answers all demands; what it has no answer to is told, for people to look at. */
export async function answerDemands(parts: NodeParts, proposal: RootProposal): Promise<void> {
	const { keys, ledger } = parts;
	const epoch = Number(proposal.claim.epoch);
	const demands = await readRootDemands(ledger, rootProposalHash(proposal));
	if (demands.length === 0) return;
	const blob = await readEpochBlob(parts, epoch);
	const node = keys.account("node");
	const tree = dataTree(encodeEpochBlob(blob));
	for (const { asked, deadline, demandId } of demands) {
		if (asked.kind === "row") {
			const answer = await rowAnswer(parts, blob, asked);
			if (answer !== undefined) await answerRow(ledger, node, { demandId, proposal, ...answer });
			const until = new Date(Number(deadline) * 1000).toISOString();
			const said = `row ${asked.row} of receipt ${asked.receiptId} is said to be left out of epoch ${epoch}`;
			parts.log(
				answer === undefined
					? `${said}, and nothing speaks against it until ${until}`
					: `${said}; its original is shown`,
			);
			continue;
		}
		const chunk: Hex = bytesToHex(tree.chunkAt(asked.index));
		const siblings = tree.proofFor(asked.index);
		await answerChunk(ledger, node, { proposal, index: asked.index, chunk, siblings });
		parts.log(`chunk ${asked.index} of epoch ${epoch} was demanded and is shown`);
	}
}
