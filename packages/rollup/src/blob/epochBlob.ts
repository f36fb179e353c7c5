// An epoch's data as it goes to the data layer, in one canonical form: whatever can be read is written again byte for byte. Receipts with
// their signatures and counted rows, and everybody's cumulative earnings: what anyone needs to check the epoch's roots and to claim.
// No prompt, no answer, no salt. It must not know chains, databases or how earnings are summed.

import {
	type Address,
	checkReceipt,
	type Hex,
	hexToBytes,
	RECEIPT_FIELDS,
	type Receipt,
	utf8,
} from "@openledger/protocol";
import { bad, createReader, createWriter, type Reader, type Writer } from "./bytes.js";

/** A row that counted for an answer: its score stood above the bar. `sharePpm` is 0 where earlier rows explain all of it. */
export type CountedRow = {
	readonly row: number;
	readonly contributor: Address;
	/** int64. */
	readonly score: bigint;
	readonly sharePpm: number;
};

export type BlobReceipt = {
	readonly receipt: Receipt;
	/** By the model's node; 65 bytes. */
	readonly signature: Hex;
	/** Ascending by row, at most 64: the leaves of `scoresRoot`, and those with a share of `sharesRoot`. */
	readonly counted: readonly CountedRow[];
};

/** A row of a model's first snapshot that earns nothing any more, with what shows that this row is the one that was erased. */
export type ErasedRow = {
	readonly snapshotRoot: Hex;
	readonly row: number;
	readonly commitment: Hex;
	readonly contributor: Address;
	readonly cluster: number;
	/** Of its snapshot leaf under `snapshotRoot`. */
	readonly proof: readonly Hex[];
};

export type BlobEarning = { readonly account: Address; readonly cumulativeWei: bigint };

export type EpochBlob = {
	readonly chainId: bigint;
	/** The contract whose epoch this is. */
	readonly rewards: Address;
	readonly epoch: bigint;
	/** Chain time at which its receipts were fixed, in seconds. */
	readonly closedAt: bigint;
	/** Who gets what no row earned. */
	readonly pool: Address;
	/** Ascending by root, then row. */
	readonly erased: readonly ErasedRow[];
	/** In the order of `receiptsRoot`. */
	readonly receipts: readonly BlobReceipt[];
	/** All accounts that ever earned, strictly ascending: the leaves of `earningsRoot`. */
	readonly earnings: readonly BlobEarning[];
};

const MAGIC = utf8("openledger/epoch/v1\n");
const SIGNATURE_BYTES = 65;
const MAX_COUNTED = 64;
const MAX_SIBLINGS = 64;
const PPM = 1_000_000;

/** Throws `protocol/bad-…` and `blob/malformed` for what no epoch has: rows or accounts out of order, more than 64 rows a receipt. */
export function encodeEpochBlob(blob: EpochBlob): Uint8Array {
	const out = createWriter();
	out.bytes(MAGIC);
	out.number(blob.chainId);
	out.address(blob.rewards);
	out.number(blob.epoch);
	out.number(blob.closedAt);
	out.address(blob.pool);
	checkErased(blob.erased);
	out.number(blob.erased.length);
	for (const { snapshotRoot, row, commitment, contributor, cluster, proof } of blob.erased) {
		out.digest(snapshotRoot);
		out.number(row);
		out.digest(commitment);
		out.address(contributor);
		out.number(cluster);
		out.number(proof.length);
		for (const sibling of proof) out.digest(sibling);
	}
	checkEarnings(blob.earnings);
	out.number(blob.earnings.length);
	for (const { account, cumulativeWei } of blob.earnings) {
		out.address(account);
		out.number(cumulativeWei);
	}
	// Who counted stands in the list once; models, engines and the like once each as well.
	const people = listOf(blob.receipts.flatMap(({ counted }) => counted.map(({ contributor }) => contributor)));
	const words = listOf(blob.receipts.flatMap(({ receipt }) => wordsOf(checkReceipt(receipt))));
	out.number(people.size);
	for (const person of people.keys()) out.address(person);
	out.number(words.size);
	for (const word of words.keys()) out.digest(word);
	out.number(blob.receipts.length);
	for (const one of blob.receipts) writeReceipt(out, one, people, words);
	return out.done();
}

/** Throws `blob/malformed` for anything that `encodeEpochBlob` does not give. */
export function decodeEpochBlob(bytes: Uint8Array): EpochBlob {
	const from = createReader(bytes);
	if (
		!from.bytes(Math.min(MAGIC.length, bytes.length)).every((byte, i) => byte === MAGIC[i]) ||
		bytes.length < MAGIC.length
	)
		throw bad("it does not begin as one; version 1 is known here");
	const head = {
		chainId: from.amount("the chain id"),
		rewards: from.address(),
		epoch: from.amount("the epoch", 64),
		closedAt: from.amount("the time of closing", 64),
		pool: from.address(),
	};
	const erased = many(from, "erased rows", () => ({
		...{ snapshotRoot: from.digest(), row: from.number("a row"), commitment: from.digest() },
		...{ contributor: from.address(), cluster: from.number("a cluster") },
		proof: many(from, "siblings", () => from.digest(), MAX_SIBLINGS),
	}));
	checkErased(erased);
	const earnings = many(from, "earnings", () => ({
		account: from.address(),
		cumulativeWei: from.amount("an account's earnings"),
	}));
	checkEarnings(earnings);
	const people = many(from, "people", () => from.address());
	const words = many(from, "words", () => from.digest());
	const receipts = many(from, "receipts", () => readReceipt(from, people, words));
	from.end();
	requireList(
		people,
		receipts.flatMap(({ counted }) => counted.map(({ contributor }) => contributor)),
	);
	requireList(
		words,
		receipts.flatMap(({ receipt }) => wordsOf(receipt)),
	);
	return { ...head, erased, receipts, earnings };
}

/** Fields that repeat from receipt to receipt; the others are each receipt's own. */
const SHARED: ReadonlySet<string> = new Set([
	"modelId",
	"adapterDigest",
	"baseDigest",
	"snapshotRoot",
	"featuresRoot",
	"engineId",
	"method",
]);

const fieldOf = (receipt: Receipt, name: string) =>
	(receipt as unknown as Record<string, Hex & number & bigint>)[name]!;

function wordsOf(receipt: Receipt): Hex[] {
	return RECEIPT_FIELDS.filter(({ name }) => SHARED.has(name)).map(({ name }) => fieldOf(receipt, name));
}

function writeReceipt(
	out: Writer,
	{ receipt, signature, counted }: BlobReceipt,
	people: ReadonlyMap<Hex, number>,
	words: ReadonlyMap<Hex, number>,
): void {
	const checked = checkReceipt(receipt);
	for (const { name, type } of RECEIPT_FIELDS) {
		const value = fieldOf(checked, name);
		if (SHARED.has(name)) out.number(words.get(value)!);
		else if (type === "bytes32") out.digest(value);
		else if (type === "address") out.address(value);
		else out.number(value);
	}
	const signed = hexToBytes(signature);
	if (signed.length !== SIGNATURE_BYTES) throw bad(`a signature has ${signed.length} bytes, not ${SIGNATURE_BYTES}`);
	out.bytes(signed);
	checkCounted(counted);
	out.number(counted.length);
	for (const { row, contributor, score, sharePpm } of counted) {
		out.number(row);
		out.number(people.get(contributor.toLowerCase() as Hex)!);
		out.signed(score);
		out.number(sharePpm);
	}
}

function readReceipt(from: Reader, people: readonly Address[], words: readonly Hex[]): BlobReceipt {
	const read: Record<string, unknown> = {};
	for (const { name, type } of RECEIPT_FIELDS) {
		if (SHARED.has(name)) read[name] = words[from.number(name, words.length - 1)];
		else if (type === "bytes32") read[name] = from.digest();
		else if (type === "address") read[name] = from.address();
		else if (type === "uint32") read[name] = from.number(name);
		else read[name] = from.amount(name, type === "uint64" ? 64 : 256);
	}
	const signature: Hex = `0x${Buffer.from(from.bytes(SIGNATURE_BYTES)).toString("hex")}`;
	const counted = many(
		from,
		"counted rows",
		() => ({
			row: from.number("a row"),
			contributor: people[from.number("a contributor", people.length - 1)]!,
			score: from.signed("a score"),
			sharePpm: from.number("a share", PPM),
		}),
		MAX_COUNTED,
	);
	checkCounted(counted);
	return { receipt: read as Receipt, signature, counted };
}

/** Reads item by item, so that no number can make a reader reserve more than is there. */
function many<item>(from: Reader, what: string, read: () => item, most = 0xffff_ffff): item[] {
	const count = from.number(`the number of ${what}`, most);
	const out: item[] = [];
	for (let i = 0; i < count; i++) out.push(read());
	return out;
}

/** Items in order of first appearance, each with its place. */
function listOf(items: readonly Hex[]): Map<Hex, number> {
	const places = new Map<Hex, number>();
	for (const item of items) {
		const one = item.toLowerCase() as Hex;
		if (!places.has(one)) places.set(one, places.size);
	}
	return places;
}

function requireList(list: readonly Hex[], used: readonly Hex[]): void {
	const right = [...listOf(used).keys()];
	if (right.length === list.length && right.every((item, i) => item === list[i])) return;
	throw bad("a list of what repeats is not in order of first appearance");
}

function checkCounted(counted: readonly CountedRow[]): void {
	if (counted.length > MAX_COUNTED) throw bad(`${counted.length} rows of a receipt count; at most ${MAX_COUNTED} may`);
	counted.forEach(({ row, score, sharePpm }, i) => {
		if (i > 0 && row <= counted[i - 1]!.row) throw bad("a receipt's rows are not strictly ascending");
		if (BigInt.asIntN(64, score) !== score) throw bad(`the score ${score} does not fit 64 bits`);
		if (!(Number.isInteger(sharePpm) && sharePpm >= 0 && sharePpm <= PPM)) throw bad(`a share is ${sharePpm} ppm`);
	});
}

function checkEarnings(earnings: readonly BlobEarning[]): void {
	const wrong = earnings.findIndex(({ account }, i) => i > 0 && account <= earnings[i - 1]!.account);
	if (wrong !== -1) throw bad(`the accounts are not strictly ascending at place ${wrong}`);
	const poor = earnings.find(({ cumulativeWei }) => cumulativeWei === 0n);
	if (poor !== undefined) throw bad(`${poor.account} earned nothing, and stands among those who earned`);
}

function checkErased(erased: readonly ErasedRow[]): void {
	const wrong = erased.findIndex(({ snapshotRoot: root, row }, i) => {
		const before = erased[i - 1];
		return before !== undefined && (before.snapshotRoot > root || (before.snapshotRoot === root && before.row >= row));
	});
	if (wrong !== -1) throw bad(`the erased rows are not strictly ascending at place ${wrong}`);
	if (erased.some(({ proof }) => proof.length > MAX_SIBLINGS))
		throw bad(`a proof has at most ${MAX_SIBLINGS} siblings`);
}
