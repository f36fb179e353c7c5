// What a proposer says of an epoch, and the hash under which the chain keeps it while it can be challenged. It must not know the data behind the
// roots.
import { type Address, encodeAbiParameters, type Hex, keccak256, type TypedDataDefinition } from "viem";
import { checkAddress, checkAmount, checkCount, checkDigest } from "./checks.js";
import { receiptLeaf } from "./earnings.js";
import { type IndexedTree, indexedTree } from "./indexedMerkle.js";

/** One epoch, as proposed. Roots are positional; each is zero exactly if its count is. */
export type RootClaim = {
	readonly epoch: bigint;
	/** Over `receiptLeaf` of the epoch's receipt ids, in the epoch's order. */
	readonly receiptsRoot: Hex;
	readonly receipts: number;
	/** `cumulativeTree(…).root` */
	readonly earningsRoot: Hex;
	readonly accounts: number;
	/** Of all epochs so far. */
	readonly totalCumulativeWei: bigint;
	/** `dataTree(…).root` of what was published. */
	readonly dataRoot: Hex;
	readonly dataChunks: number;
};

/** A claim in the queue: with what stands before it, who bonded it and until when it may be challenged (Unix seconds). */
export type RootProposal = {
	readonly claim: RootClaim;
	/** Of the epoch before; zero for the first. */
	readonly previousHash: Hex;
	readonly previousTotalWei: bigint;
	readonly proposer: Address;
	readonly challengeEnds: bigint;
};

const CLAIM = [
	{ name: "epoch", type: "uint64" },
	{ name: "receiptsRoot", type: "bytes32" },
	{ name: "receipts", type: "uint32" },
	{ name: "earningsRoot", type: "bytes32" },
	{ name: "accounts", type: "uint32" },
	{ name: "totalCumulativeWei", type: "uint256" },
	{ name: "dataRoot", type: "bytes32" },
	{ name: "dataChunks", type: "uint32" },
] as const;
const PROPOSAL = [
	{
		type: "tuple",
		components: [
			{ name: "claim", type: "tuple", components: CLAIM },
			{ name: "previousHash", type: "bytes32" },
			{ name: "previousTotalWei", type: "uint256" },
			{ name: "proposer", type: "address" },
			{ name: "challengeEnds", type: "uint64" },
		],
	},
] as const;
const MAX_UINT64 = (1n << 64n) - 1n;

/** keccak256(abi.encode(proposal)), the twin of RootProposals.hash; throws `protocol/bad-…` naming the field. */
export function rootProposalHash(proposal: RootProposal): Hex {
	const checked = {
		claim: checkRootClaim(proposal.claim),
		previousHash: checkDigest(proposal.previousHash, "previousHash"),
		previousTotalWei: checkAmount(proposal.previousTotalWei, "previousTotalWei"),
		proposer: checkAddress(proposal.proposer, "proposer"),
		challengeEnds: checkAmount(proposal.challengeEnds, "challengeEnds", MAX_UINT64),
	};
	return keccak256(encodeAbiParameters(PROPOSAL, [checked]));
}

/** Returns the claim with exactly its fields; throws `protocol/bad-…` naming the field. */
export function checkRootClaim(claim: RootClaim): RootClaim {
	return {
		epoch: checkAmount(claim.epoch, "epoch", MAX_UINT64),
		receiptsRoot: checkDigest(claim.receiptsRoot, "receiptsRoot"),
		receipts: checkCount(claim.receipts, "receipts"),
		earningsRoot: checkDigest(claim.earningsRoot, "earningsRoot"),
		accounts: checkCount(claim.accounts, "accounts"),
		totalCumulativeWei: checkAmount(claim.totalCumulativeWei, "totalCumulativeWei"),
		dataRoot: checkDigest(claim.dataRoot, "dataRoot"),
		dataChunks: checkCount(claim.dataChunks, "dataChunks"),
	};
}

/** The positional tree over an epoch's receipts, in the epoch's order: `receiptsRoot` of a root claim. */
export function epochReceiptsTree(ids: readonly Hex[]): IndexedTree {
	return indexedTree(ids.map(receiptLeaf));
}

/** What an account signs so that anybody may claim for it, to `recipient`, and keep `relayerFeeWei` of it. */
export type SignedClaim = {
	readonly account: Address;
	readonly recipient: Address;
	readonly cumulativeWei: bigint;
	readonly relayerFeeWei: bigint;
	/** Unix seconds. */
	readonly deadline: bigint;
	/** `nonces(account)` of the rewards contract. */
	readonly nonce: bigint;
};

const CLAIM_TYPES = {
	Claim: [
		{ name: "account", type: "address" },
		{ name: "recipient", type: "address" },
		{ name: "cumulativeWei", type: "uint256" },
		{ name: "relayerFeeWei", type: "uint256" },
		{ name: "deadline", type: "uint256" },
		{ name: "nonce", type: "uint256" },
	],
} as const;

/** The EIP-712 typed data of a claim by signature, in the domain of a chain and its rewards contract. */
export function claimTypedData(
	chainId: bigint,
	rewards: Address,
	message: SignedClaim,
): TypedDataDefinition<typeof CLAIM_TYPES, "Claim"> {
	return {
		domain: {
			name: "OpenLedger Rewards",
			version: "1",
			chainId,
			verifyingContract: checkAddress(rewards, "rewards"),
		},
		types: CLAIM_TYPES,
		primaryType: "Claim",
		message,
	};
}
