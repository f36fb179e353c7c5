// Finds what a person may have in hand: an id or its beginning, an address, a name, a number. Reads only.

import { CallerError, type Hex } from "@openledger/protocol";
import { desc, eq, ilike, like, or } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import { BlockNotFoundError, TransactionNotFoundError } from "viem";
import { contributions, datanets, epochs, models, receipts, requests, wallets } from "../database/schema.js";
import type { NodeParts } from "../parts.js";
import { accountNames } from "./names.js";

export const MAX_QUERY = 200;
/** Of each kind. */
const MOST = 20;
/** Hex digits from which on the beginning of an id is looked for. */
const FEWEST_DIGITS = 6;

export type FoundKind =
	| "account"
	| "contract"
	| "datanet"
	| "contribution"
	| "model"
	| "receipt"
	| "transaction"
	| "block"
	| "epoch";
export type Found = {
	readonly kind: FoundKind;
	/** Id, address, hash or number. */
	readonly id: string;
	/** What somebody called it; null where it has no name. */
	readonly name: string | null;
	/** Where it belongs: a contribution's datanet, a receipt's model. */
	readonly of?: { readonly id: string; readonly name: string };
};

/** At most 20 of each kind. Throws `search/bad-query` for nothing, and for more than 200 characters. */
export async function search(parts: NodeParts, query: string): Promise<readonly Found[]> {
	const text = query.trim();
	if (text === "" || text.length > MAX_QUERY) {
		throw new CallerError(`search for 1 to ${MAX_QUERY} characters: a name, a number, or an id's beginning`, {
			code: "search/bad-query",
		});
	}
	const hex = hexOf(text);
	const found = await Promise.all([
		findAccounts(parts, text, hex),
		findContracts(parts, text, hex),
		findDatanets(parts, text, hex),
		findModels(parts, text, hex),
		...(hex === undefined ? [] : [findContributions(parts, hex), findReceipts(parts, hex)]),
		...(hex === undefined ? [] : [findTransactions(parts, hex), findBlockByHash(parts, hex)]),
		findNumber(parts, text),
	]);
	return found.flat();
}

/** The beginning of an id in lower case, with or without its 0x; undefined where the text is none. */
function hexOf(text: string): Hex | undefined {
	const digits = /^(?:0x)?([0-9a-f]{6,64})$/i.exec(text)?.[1];
	return digits === undefined || digits.length < FEWEST_DIGITS ? undefined : `0x${digits.toLowerCase()}`;
}

const startsWith = (column: PgColumn, hex: Hex | undefined) => (hex ? like(column, `${hex}%`) : undefined);
/** As it stands there: signs of the pattern's own are no patterns. */
const holds = (column: PgColumn, text: string) => ilike(column, `%${text.replace(/[\\%_]/g, "\\$&")}%`);

async function findAccounts(parts: NodeParts, text: string, hex: Hex | undefined): Promise<Found[]> {
	const { db } = parts;
	const people = await db
		.select({ address: wallets.address, name: wallets.name })
		.from(wallets)
		.where(or(holds(wallets.name, text), startsWith(wallets.address, hex)))
		.limit(MOST);
	const found = new Map<string, string | null>(people.map(({ address, name }) => [address.toLowerCase(), name]));
	for (const [address, name] of await accountNames(parts))
		if (name.toLowerCase().includes(text.toLowerCase()) || (hex && address.startsWith(hex))) found.set(address, name);
	if (hex !== undefined) {
		const given = await db
			.selectDistinct({ address: contributions.contributor })
			.from(contributions)
			.where(startsWith(contributions.contributor, hex))
			.limit(MOST);
		const paid = await db
			.selectDistinct({ address: receipts.payer })
			.from(receipts)
			.where(startsWith(receipts.payer, hex))
			.limit(MOST);
		for (const { address } of [...given, ...paid])
			if (!found.has(address.toLowerCase())) found.set(address.toLowerCase(), null);
		const isContract = Object.values(parts.ledger.addresses).some((one) => one.toLowerCase() === hex);
		// Any address may be an account, whether this node has heard of it or not.
		if (hex.length === 42 && !isContract && !found.has(hex)) found.set(hex, null);
	}
	return [...found].slice(0, MOST).map(([id, name]) => ({ kind: "account", id, name }));
}

async function findContracts({ ledger }: NodeParts, text: string, hex: Hex | undefined): Promise<Found[]> {
	const wanted = text.toLowerCase().replaceAll(" ", "");
	return Object.entries(ledger.addresses)
		.filter(([name, address]) => {
			const isNamed = wanted.length >= 3 && name.toLowerCase().includes(wanted);
			return isNamed || (hex !== undefined && address.toLowerCase().startsWith(hex));
		})
		.map(([name, id]) => ({ kind: "contract", id, name }));
}

async function findDatanets({ db }: NodeParts, text: string, hex: Hex | undefined): Promise<Found[]> {
	const found = await db
		.select({ id: datanets.id, name: datanets.name })
		.from(datanets)
		.where(or(holds(datanets.name, text), startsWith(datanets.id, hex)))
		.limit(MOST);
	return found.map((one) => ({ kind: "datanet", ...one }));
}

async function findModels({ db }: NodeParts, text: string, hex: Hex | undefined): Promise<Found[]> {
	const found = await db
		.select({ id: models.id, name: models.servedName })
		.from(models)
		.where(or(holds(models.servedName, text), startsWith(models.id, hex)))
		.limit(MOST);
	return found.map((one) => ({ kind: "model", ...one }));
}

async function findContributions({ db }: NodeParts, hex: Hex): Promise<Found[]> {
	const found = await db
		.select({ id: contributions.id, name: contributions.contributorName, ofId: datanets.id, ofName: datanets.name })
		.from(contributions)
		.innerJoin(datanets, eq(contributions.datanetId, datanets.id))
		.where(or(startsWith(contributions.id, hex), startsWith(contributions.rowsRoot, hex)))
		.limit(MOST);
	return found.map(({ id, name, ofId, ofName }) => ({
		kind: "contribution",
		id,
		name,
		of: { id: ofId, name: ofName },
	}));
}

async function findReceipts({ db }: NodeParts, hex: Hex): Promise<Found[]> {
	const found = await db
		.select({ id: receipts.id, modelId: receipts.modelId, model: models.servedName })
		.from(receipts)
		.leftJoin(models, eq(receipts.modelId, models.id))
		.where(or(startsWith(receipts.id, hex), startsWith(receipts.nonce, hex)))
		.orderBy(desc(receipts.sequence))
		.limit(MOST);
	return found.map(({ id, modelId, model }) => ({
		...{ kind: "receipt", id, name: null },
		of: { id: modelId, name: model ?? modelId },
	}));
}

/** Those of payments by their beginning; any other by the whole hash, which is all that a chain looks up. */
async function findTransactions({ db, ledger }: NodeParts, hex: Hex): Promise<Found[]> {
	const paid = await db
		.select({ hash: requests.txHash })
		.from(requests)
		.where(startsWith(requests.txHash, hex))
		.limit(MOST);
	const found = new Set(paid.flatMap(({ hash }) => (hash === null ? [] : [hash])));
	if (hex.length === 66 && !found.has(hex)) {
		const known = await ledger.client.publicClient
			.getTransaction({ hash: hex })
			.catch(unless(TransactionNotFoundError));
		if (known !== undefined) found.add(known.hash);
	}
	return [...found].map((id) => ({ kind: "transaction", id, name: null }));
}

async function findBlockByHash({ ledger }: NodeParts, hex: Hex): Promise<Found[]> {
	if (hex.length !== 66) return [];
	const block = await ledger.client.publicClient.getBlock({ blockHash: hex }).catch(unless(BlockNotFoundError));
	return block === undefined ? [] : [{ kind: "block", id: String(block.number), name: null }];
}

/** "12", "block 12", "#12", "epoch 3". */
async function findNumber({ db, ledger }: NodeParts, text: string): Promise<Found[]> {
	const parsed = /^(?:(block|epoch)\s*)?#?(\d{1,15})$/i.exec(text);
	if (parsed === null) return [];
	const kind = parsed[1]?.toLowerCase();
	const number = Number(parsed[2]);
	const found: Found[] = [];
	if (kind !== "epoch" && BigInt(number) <= (await ledger.client.publicClient.getBlockNumber()))
		found.push({ kind: "block", id: String(number), name: null });
	if (kind !== "block" && number <= 2_147_483_647) {
		const [epoch] = await db.select({ epoch: epochs.epoch }).from(epochs).where(eq(epochs.epoch, number));
		if (epoch !== undefined) found.push({ kind: "epoch", id: String(number), name: null });
	}
	return found;
}

function unless(absent: new (...args: never[]) => Error): (error: unknown) => undefined {
	return (error) => {
		if (error instanceof absent) return undefined;
		throw error;
	};
}
