// An audit's result as a record that anyone with the snapshot computes again to the same bytes; its digest is what the node signs.
// It must not know how the effects were found.

import { contributorShares } from "@openledger/attribution";
import {
	type Address,
	canonicalJson,
	type Hex,
	keccak256,
	PPM,
	receiptFromJson,
	toPpm,
	utf8,
	ZERO_DIGEST,
} from "@openledger/protocol";
import { readReceipt } from "../inference/readAnswer.js";
import type { ShelvedModel } from "../model/openModelShelf.js";
import type { NodeParts } from "../parts.js";
import { type AuditInput, type AuditMethod, queryDigest } from "./auditInput.js";
import { distancePpm, rankCorrelation } from "./compareShares.js";

/** What a method found out. */
export type Measured = {
	readonly method: AuditMethod;
	/** Why another method than the one asked for; null if it is that one. */
	readonly because: string | null;
	/** Loss per counted token of each query, with all rows. */
	readonly losses: readonly number[];
	/** By contributor: by how much their rows lower the loss of each query; with a method that sees single rows, also what the helpful ones alone do. */
	readonly effects: ReadonlyMap<Address, { readonly total: readonly number[]; readonly positive?: readonly number[] }>;
	/** How smooth the recipe was found, where a derivative was asked for. */
	readonly smoothness: Smoothness | null;
	/** What the recipe alone says against it. */
	readonly signs: readonly Sign[];
};

export type Sign = { readonly sign: string; readonly found: string; readonly smoothRuns: string };

export type Smoothness = {
	readonly smooth: boolean;
	readonly why: string;
	readonly figures: Readonly<Record<string, string>>;
};

/** Numbers that are not whole stand as the shortest decimal that reads back as the same double. */
export type AuditRecord = {
	readonly version: "openledger/audit/v1";
	readonly method: AuditMethod;
	readonly asked: AuditMethod;
	readonly because: string | null;
	/** Where the model and its receipts are: a signature for one chain says nothing on another. */
	readonly chainId: string;
	readonly vault: Address;
	readonly receiptId: Hex | null;
	readonly modelId: Hex;
	readonly baseDigest: Hex;
	readonly engineId: Hex;
	readonly snapshotRoot: Hex;
	readonly runCommitment: Hex;
	readonly adapterDigest: Hex;
	/** Steps that were trained again. */
	readonly steps: number;
	readonly queries: readonly { readonly digest: Hex; readonly targets: number; readonly loss: string }[];
	/** By account, ascending. */
	readonly contributors: readonly {
		readonly contributor: Address;
		readonly rows: number;
		readonly effects: readonly string[];
		readonly positive: readonly string[] | null;
		/** Share of all helpful effects, summed over queries; null where not everybody was audited, or nobody helped. */
		readonly sharePpm: number | null;
		/** What the influence tier gives them: on the receipt, or for these queries. */
		readonly paidPpm: number;
	}[];
	readonly paidBy: "receipt" | "model";
	/** The attribution method of what is paid. */
	readonly paidMethod: Hex;
	readonly comparison: { readonly rankCorrelation: string | null; readonly distancePpm: number } | null;
	readonly smoothness: Smoothness | null;
	readonly signs: readonly Sign[];
};

/** Bits behind the point when effects become the weights of shares. */
const EFFECT_BITS = 2 ** 40;

export async function makeRecord(
	parts: NodeParts,
	input: AuditInput,
	model: ShelvedModel,
	measured: Measured,
): Promise<AuditRecord> {
	const { run, rows } = model;
	const accounts = [...measured.effects.keys()].sort();
	const everybody = new Set(rows.map(({ contributor }) => contributor)).size === accounts.length;
	const helped = accounts.map((account) => {
		const { total } = measured.effects.get(account)!;
		return BigInt(
			Math.round(
				Math.max(
					0,
					total.reduce((sum, effect) => sum + effect, 0),
				) * EFFECT_BITS,
			),
		);
	});
	const anybody = helped.some((weight) => weight > 0n);
	const shares = everybody && anybody ? toPpm(helped) : undefined;
	const paid = await paidShares(parts, input, model);
	const paidPpm = accounts.map((account) => paid.shares.get(account) ?? 0);
	const correlation = shares && rankCorrelation(shares, paidPpm);
	return {
		version: "openledger/audit/v1",
		method: measured.method,
		asked: input.method,
		because: measured.because,
		chainId: String(parts.chainId),
		vault: parts.ledger.addresses.feeVault.toLowerCase() as Address,
		receiptId: input.receiptId,
		modelId: input.modelId,
		baseDigest: run.baseDigest,
		engineId: run.engineId,
		snapshotRoot: run.snapshotRoot,
		runCommitment: run.runCommitment,
		adapterDigest: run.adapterDigest,
		steps: run.keptStep,
		queries: input.queries.map((query, i) => ({
			digest: queryDigest(query),
			targets: query.tokens.length - query.from,
			loss: decimal(measured.losses[i]!),
		})),
		contributors: accounts.map((contributor, i) => {
			const { total, positive } = measured.effects.get(contributor)!;
			return {
				contributor,
				rows: rows.filter((row) => row.contributor === contributor).length,
				effects: total.map(decimal),
				positive: positive === undefined ? null : positive.map(decimal),
				sharePpm: shares?.[i] ?? null,
				paidPpm: paidPpm[i]!,
			};
		}),
		paidBy: input.receiptId === null ? "model" : "receipt",
		paidMethod: paid.method,
		comparison:
			shares === undefined
				? null
				: {
						rankCorrelation: correlation === undefined ? null : decimal(correlation),
						distancePpm: distancePpm(shares, paidPpm),
					},
		smoothness: measured.smoothness,
		signs: measured.signs,
	};
}

/** keccak256 of the record's canonical JSON. */
export function recordDigest(record: AuditRecord): Hex {
	return keccak256(utf8(canonicalJson(record)));
}

export function decimal(x: number): string {
	return String(x + 0);
}

/** By account: what the receipt's leaves sum to, or what the model's own attribution gives for the queries, each counting alike. */
async function paidShares(
	parts: NodeParts,
	input: AuditInput,
	model: ShelvedModel,
): Promise<{ readonly method: Hex; readonly shares: ReadonlyMap<Address, number> }> {
	if (input.receiptId !== null) {
		const { stored, leaves } = await readReceipt(parts, input.receiptId);
		const shares = new Map(contributorShares(leaves).map(({ contributor, ppm }) => [contributor, ppm]));
		return { method: receiptFromJson(stored.receipt).method, shares };
	}
	const sums = new Map<Address, number>();
	let method: Hex = ZERO_DIGEST;
	for (const { tokens, from } of input.queries) {
		const answer = { promptTokens: tokens.slice(0, from), responseTokens: tokens.slice(from, -1) };
		const { shares, method: by } = model.attributor.attribute(answer);
		method = by;
		for (const { contributor, ppm } of contributorShares(shares))
			sums.set(contributor, (sums.get(contributor) ?? 0) + ppm);
	}
	const accounts = [...sums.keys()].sort();
	const unpaid = input.queries.length * PPM - [...sums.values()].reduce((sum, ppm) => sum + ppm, 0);
	const ppm = toPpm([...accounts.map((account) => BigInt(sums.get(account)!)), BigInt(unpaid)]);
	return { method, shares: new Map(accounts.map((account, i) => [account, ppm[i]!])) };
}
