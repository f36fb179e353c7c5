// Signs, sends and waits for one transaction. An account's sends go one at a time, so numbers neither collide nor leave
// gaps when several requests are in flight. It must not know of contracts beyond their revert data.
import type { Address, Hex, LocalAccount } from "viem";
import { keccak256, TransactionReceiptNotFoundError } from "viem";
import { isSilent, tooFewCoins, unconfirmed, unheard, unreachable } from "../errors.js";
import { mendReorg } from "../journal/mendReorg.js";
import type { ChainClient } from "./connect.js";
import { contractErrorFrom, revertedError } from "./contractErrorFrom.js";

export type TransactionRequest = {
	readonly to: Address;
	readonly data?: Hex;
	readonly value?: bigint;
	/** Give at least this much, where it may have more to do when it is mined than when it is rehearsed. */
	readonly leastGas?: bigint;
};

/** A mined, successful transaction; `timestamp` in seconds. */
export type Sent = {
	readonly hash: Hex;
	readonly blockNumber: bigint;
	readonly timestamp: bigint;
	readonly gasUsed: bigint;
};

const CONFIRM_MS = 60_000;
/** Waited for longer, a transaction may be lost. */
const LOST_MS = 200;

/**
 * Sends a transaction and waits until it is in a block.
 * Throws `ContractError` if a contract refuses it (nothing sent, or mined and without effect), `chain/unreachable` where nothing was sent,
 * and `chain/unconfirmed` with the hash in its details where it may yet be mined.
 */
export async function sendTransaction(
	client: ChainClient,
	account: LocalAccount,
	request: TransactionRequest,
): Promise<Sent> {
	return await confirmTransaction(client, await broadcastTransaction(client, account, request));
}

/** Sends a transaction and returns its hash without waiting for a block. Throws as `sendTransaction` does. */
export function broadcastTransaction(
	client: ChainClient,
	account: LocalAccount,
	request: TransactionRequest,
): Promise<Hex> {
	return inTurn(client, account.address, async () => {
		try {
			await mendReorg(client);
			return await sign(client, account, request);
		} catch (error) {
			throw translate(client, error);
		}
	});
}

/** Waits until a transaction is in a block; throws `chain/unconfirmed` after `timeoutMs`, and at once where the chain falls silent. */
export async function confirmTransaction(client: ChainClient, hash: Hex, timeoutMs = CONFIRM_MS): Promise<Sent> {
	for (let waited = 0, pause = 2; waited <= timeoutMs; waited += pause, pause = Math.min(pause * 2, 500)) {
		try {
			const receipt = await client.publicClient.getTransactionReceipt({ hash });
			if (receipt.status !== "success") throw revertedError(hash);
			return { ...(await placeOf(client, receipt)), hash, gasUsed: receipt.gasUsed };
		} catch (error) {
			if (isSilent(error)) throw unheard(hash, error);
			if (!(error instanceof TransactionReceiptNotFoundError)) throw translate(client, error);
			if (waited > LOST_MS) await sendAgainIfLost(client, hash);
		}
		await new Promise((resolve) => setTimeout(resolve, pause));
	}
	throw unconfirmed(hash, timeoutMs);
}

/** A block that was taken back before anybody saw what it held leaves no mark: whoever waits for it brings it back. */
async function sendAgainIfLost(client: ChainClient, hash: Hex): Promise<void> {
	await mendReorg(client).catch(() => {});
	const known = await client.publicClient.getTransaction({ hash }).catch(() => undefined);
	const written = known === undefined ? client.journal?.all().find((entry) => entry.hash === hash) : undefined;
	if (written === undefined) return;
	// Refused where its number is not yet, or no longer, the next: then the next look decides.
	await client.publicClient.sendRawTransaction({ serializedTransaction: written.rawTx }).catch(() => {});
}

async function sign(client: ChainClient, account: LocalAccount, request: TransactionRequest): Promise<Hex> {
	const { to, data, value, leastGas = 0n } = request;
	const { publicClient, chainId } = client;
	const { address } = account;
	const [nonce, estimate, block, balance] = await Promise.all([
		nextNumber(client, address),
		publicClient.estimateGas({ account: address, to, data, value }),
		publicClient.getBlock(),
		publicClient.getBalance({ address }),
	]);
	// Others may change what it touches before it is mined.
	const ample = estimate + estimate / 5n;
	const gas = ample < leastGas ? leastGas : ample;
	const maxPriorityFeePerGas = 1_000_000n;
	const maxFeePerGas = 2n * (block.baseFeePerGas ?? 0n) + maxPriorityFeePerGas;
	const needed = gas * maxFeePerGas + (value ?? 0n);
	if (balance < needed) throw tooFewCoins(address, balance, needed);
	const rawTx = await account.signTransaction({
		type: "eip1559",
		chainId,
		nonce,
		to,
		data,
		value,
		gas,
		maxFeePerGas,
		maxPriorityFeePerGas,
	});
	try {
		await publicClient.sendRawTransaction({ serializedTransaction: rawTx });
	} catch (error) {
		// Silence says nothing of whether it arrived. What stands in a journal is sent in any case; what does not was never sent.
		const hash = keccak256(rawTx);
		const isOut = client.journal === undefined || client.journal.get(hash) !== undefined;
		if (isSilent(error) && isOut) throw unheard(hash, error);
		throw error;
	}
	client.numbers.set(address, nonce + 1);
	return keccak256(rawTx);
}

/** A number below one that was used means that blocks were taken back: what had it comes first. */
async function nextNumber(client: ChainClient, address: Address): Promise<number> {
	const ask = () => client.publicClient.getTransactionCount({ address, blockTag: "pending" });
	const next = await ask();
	if (client.journal === undefined || next >= (client.numbers.get(address) ?? 0)) return next;
	await mendReorg(client, { isSure: true });
	return await ask();
}

function inTurn<T>(client: ChainClient, address: Address, act: () => Promise<T>): Promise<T> {
	const turn = (client.sends.get(address) ?? Promise.resolve()).then(act, act);
	client.sends.set(address, turn);
	return turn;
}

async function placeOf(
	client: ChainClient,
	receipt: { blockNumber: bigint; blockHash: Hex; blockTimestamp?: unknown },
) {
	const stated = receipt.blockTimestamp;
	const known = typeof stated === "bigint" || typeof stated === "number" || typeof stated === "string";
	const timestamp = known
		? BigInt(stated)
		: (await client.publicClient.getBlock({ blockHash: receipt.blockHash })).timestamp;
	return { blockNumber: receipt.blockNumber, timestamp };
}

function translate(client: ChainClient, error: unknown): unknown {
	const refused = contractErrorFrom(error);
	if (refused !== undefined) return refused;
	return isSilent(error) ? unreachable(client.url, error) : error;
}
