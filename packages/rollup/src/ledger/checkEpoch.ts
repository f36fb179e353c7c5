// An epoch's claim against its data and everything before it: what anybody finds who recomputes it. Reads nothing by itself; each fault says
// what shows it, so that a watcher knows which challenge fits. It must not know how challenges are brought.

import {
	type Address,
	cumulativeTree,
	type Earning,
	epochReceiptsTree,
	feeFor,
	type Hex,
	type RootClaim,
	receiptId,
	recoverReceiptSigner,
	scoresRoot,
	sharesRoot,
	snapshotLeaf,
	verifyMerkleProof,
} from "@openledger/protocol";
import type { EpochBlob } from "../blob/epochBlob.js";
import { earnEpoch, type ModelTerms } from "./earnEpoch.js";
import { claimOf } from "./epochClaim.js";

/** What the chain says besides. */
export type EpochContext = {
	readonly chainId: bigint;
	readonly rewards: Address;
	readonly vault: Address;
	readonly pool: Address;
	/** The epoch before; nobody earned anything before the first. */
	readonly before: readonly Earning[];
	/** Receipts of earlier epochs: none may be paid twice. */
	readonly settled: ReadonlySet<Hex>;
	/** Whether a row of this commitment had been erased when the epoch before closed. */
	readonly isErased: (commitment: Hex) => boolean;
	readonly modelOf: (modelId: Hex) => (ModelTerms & { readonly node: Address }) | undefined;
};

export type EpochFault = {
	/**
	 * `total`: the leaves' sum is another · `shrinks`, `missing`: an account has less than before, or is gone: the chain decides these alone ·
	 * `root`: data and roots do not belong together · `receipt`: one that is not what it should be · `erased`: a row is struck out that was not erased ·
	 * `earnings`: the amounts do not follow from the receipts. The last four are for the jury.
	 */
	readonly kind: "total" | "shrinks" | "missing" | "root" | "receipt" | "erased" | "earnings";
	readonly message: string;
	readonly account?: Address;
	/** Place in the epoch. */
	readonly receipt?: number;
};

/** All faults, the ones that the chain decides alone first; none of an honest epoch. */
export async function checkEpoch(
	blob: EpochBlob,
	bytes: Uint8Array,
	claim: RootClaim,
	context: EpochContext,
): Promise<readonly EpochFault[]> {
	return [
		...checkLeaves(blob, claim, context.before),
		...checkRoots(blob, bytes, claim, context),
		...(await checkReceipts(blob, context)),
		...checkEarnings(blob, context),
	];
}

function checkLeaves(blob: EpochBlob, claim: RootClaim, before: readonly Earning[]): EpochFault[] {
	const faults: EpochFault[] = [];
	const tree = cumulativeTree(blob.earnings);
	if (
		tree.root === claim.earningsRoot &&
		tree.accounts === claim.accounts &&
		tree.totalWei !== claim.totalCumulativeWei
	)
		faults.push(fault("total", `the leaves sum to ${tree.totalWei} wei, the claim says ${claim.totalCumulativeWei}`));
	const now = new Map(blob.earnings.map(({ account, cumulativeWei }) => [account, cumulativeWei]));
	for (const { account, cumulativeWei } of before) {
		const has = now.get(account);
		if (has === undefined)
			faults.push({ ...fault("missing", `${account} had ${cumulativeWei} wei and has no leaf`), account });
		else if (has < cumulativeWei)
			faults.push({ ...fault("shrinks", `${account} had ${cumulativeWei} wei and has ${has}`), account });
	}
	return faults;
}

function checkRoots(blob: EpochBlob, bytes: Uint8Array, claim: RootClaim, context: EpochContext): EpochFault[] {
	const own = claimOf(blob, bytes);
	const faults = (Object.keys(own) as (keyof RootClaim)[])
		// A wrong total has a fault of its own.
		.filter((field) => field !== "totalCumulativeWei" && own[field] !== claim[field])
		.map((field) => fault("root", `${field} is ${claim[field]}, the data gives ${own[field]}`));
	for (const field of ["chainId", "rewards", "pool"] as const)
		if (blob[field] !== context[field])
			faults.push(fault("root", `the data's ${field} is ${blob[field]}, not ${context[field]}`));
	for (const { snapshotRoot, row: index, commitment, contributor, cluster, proof } of blob.erased) {
		const leaf = snapshotLeaf({ index, commitment, contributor, cluster });
		if (!verifyMerkleProof(leaf, proof, snapshotRoot))
			faults.push(fault("erased", `row ${index} is not the one of ${snapshotRoot} that the data says`));
		else if (!context.isErased(commitment))
			faults.push(fault("erased", `row ${index} of ${snapshotRoot} was not erased before the epoch`));
	}
	return faults;
}

async function checkReceipts(blob: EpochBlob, context: EpochContext): Promise<EpochFault[]> {
	const faults: EpochFault[] = [];
	const seen = new Set<Hex>();
	for (const [place, { receipt, signature, counted }] of blob.receipts.entries()) {
		const wrong = (why: string) => faults.push({ ...fault("receipt", `receipt ${place}: ${why}`), receipt: place });
		const id = receiptId(receipt);
		if (seen.has(id) || context.settled.has(id)) wrong(`${id} was settled before`);
		seen.add(id);
		const model = context.modelOf(receipt.modelId);
		if (model === undefined) {
			wrong(`its model ${receipt.modelId} is not published`);
			continue;
		}
		if (receipt.chainId !== context.chainId || receipt.vault !== context.vault)
			wrong("it is of another chain or vault");
		const signer = await recoverReceiptSigner(receipt, signature).catch(() => undefined);
		if (signer?.toLowerCase() !== model.node.toLowerCase())
			wrong(`it is signed by ${signer ?? "nobody"}, not its node`);
		// What a transfer paid may be more: the most that was asked for.
		if (receipt.feeWei < feeFor(receipt.tokensIn, receipt.tokensOut, model.rates)) wrong("its fee is below its tokens");
		if (scoresRoot(counted) !== receipt.scoresRoot) wrong("its rows are not those of its scores root");
		if (sharesRoot(counted.filter(({ sharePpm }) => sharePpm > 0)) !== receipt.sharesRoot)
			wrong("its shares are not those of its shares root");
	}
	return faults;
}

function checkEarnings(blob: EpochBlob, context: EpochContext): EpochFault[] {
	const { before, modelOf, pool } = context;
	const { erased } = blob;
	if (blob.receipts.some(({ receipt }) => modelOf(receipt.modelId) === undefined)) return [];
	const due = earnEpoch({ before, receipts: blob.receipts, termsOf: modelOf, pool, erased });
	const has = new Map(blob.earnings.map(({ account, cumulativeWei }) => [account, cumulativeWei]));
	const faults: EpochFault[] = [];
	for (const { account, cumulativeWei } of due) {
		if (has.get(account) !== cumulativeWei)
			faults.push({
				...fault("earnings", `${account} is due ${cumulativeWei} wei and has ${has.get(account) ?? 0n}`),
				account,
			});
		has.delete(account);
	}
	for (const [account, wei] of has)
		if (wei > 0n) faults.push({ ...fault("earnings", `${account} is due nothing and has ${wei} wei`), account });
	return faults;
}

/** The ids of an epoch's receipts, in its order. */
export function receiptIds(blob: EpochBlob): Hex[] {
	return blob.receipts.map(({ receipt }) => receiptId(receipt));
}

/** The tree over an epoch's receipts, for challenges. */
export function receiptsTreeOf(blob: EpochBlob) {
	return epochReceiptsTree(receiptIds(blob));
}

const fault = (kind: EpochFault["kind"], message: string): EpochFault => ({ kind, message });
