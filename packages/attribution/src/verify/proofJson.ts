// Commitments and proofs as they travel: JSON, whole numbers beyond 2⁵³ as decimals, features as base64. Reading checks every field and
// every limit, for the sender may be anybody. It must not know how they are sent.

import { checkAddress, checkDigest, type Hex, type Row, type Turn } from "@openledger/protocol";
import { MAX_FEATURE_WIDTH } from "../features/index.js";
import { MAX_CHALLENGED } from "./challenge.js";
import type { ScoreCommitment } from "./commitment.js";
import { ProofError } from "./errors.js";
import type { OpenBlock } from "./scoreOpening.js";
import { MAX_ROWS, ROWS_PER_BLOCK, type ScoreNode } from "./scoreTree.js";
import type { RowOpening, SpotProof } from "./spotProof.js";

/** A hidden node for each level of each opened block, at most. */
const MAX_HIDDEN = 32 * 4 * MAX_CHALLENGED;
const MAX_PROOF_LENGTH = 64;
const MAX_TURNS = 1024;

type Json = Readonly<Record<string, unknown>>;

const nodeJson = (node: ScoreNode) => ({ ...node, sum: `${node.sum}`, squares: `${node.squares}` });

export function commitmentJson(commitment: ScoreCommitment) {
	return { ...commitment, root: nodeJson(commitment.root) };
}

export function spotProofJson({ scores, rows }: SpotProof) {
	return {
		open: scores.open.map(({ block, rows: own }) => ({
			block,
			scores: own.map(({ score }) => score),
			heads: own.map(({ head }) => (head ? "1" : "0")).join(""),
		})),
		hidden: scores.hidden.map(nodeJson),
		rows: rows.map(({ feature: { scale, numbers }, ...row }) => ({ ...row, scale, numbers: base64(numbers) })),
	};
}

/** How many bytes of UTF-8 a commitment or proof is on its way. */
export function jsonBytes(value: unknown): number {
	return new TextEncoder().encode(JSON.stringify(value)).length;
}

/** Reads what `commitmentJson` made. Throws ProofError "proof/malformed" or `protocol/bad-…` naming the field. */
export function parseCommitment(value: unknown): ScoreCommitment {
	const given = object(value, "the commitment");
	const digest = (name: string) => checkDigest(given[name] as Hex, name);
	return {
		receiptId: digest("receiptId"),
		featuresRoot: digest("featuresRoot"),
		snapshotRoot: digest("snapshotRoot"),
		method: digest("method"),
		queryDigest: digest("queryDigest"),
		rows: whole(given.rows, "rows", 1, MAX_ROWS),
		root: parseNode(given.root, "root"),
	};
}

/** Reads what `spotProofJson` made. Throws ProofError "proof/malformed" or `protocol/bad-…` naming the field. */
export function parseSpotProof(value: unknown): SpotProof {
	const given = object(value, "the proof");
	const open = list(given.open, "open", 4 * MAX_CHALLENGED).map(parseBlock);
	const hidden = list(given.hidden, "hidden", MAX_HIDDEN).map((node, i) => parseNode(node, `hidden ${i}`));
	return { scores: { open, hidden }, rows: list(given.rows, "rows", 4 * MAX_CHALLENGED).map(parseRow) };
}

function malformed(name: string, wanted: string): never {
	throw new ProofError("proof/malformed", `${name} must be ${wanted}`, { name });
}

function object(value: unknown, name: string): Json {
	return typeof value === "object" && value !== null && !Array.isArray(value)
		? (value as Json)
		: malformed(name, "an object");
}

function list(value: unknown, name: string, most: number): readonly unknown[] {
	return Array.isArray(value) && value.length <= most ? value : malformed(name, `a list of at most ${most}`);
}

function whole(value: unknown, name: string, from: number, to: number): number {
	if (Number.isSafeInteger(value) && (value as number) >= from && (value as number) <= to) return value as number;
	return malformed(name, `a whole number from ${from} to ${to}`);
}

function text(value: unknown, name: string): string {
	return typeof value === "string" ? value : malformed(name, "a text");
}

function decimal(value: unknown, name: string, digits: number): bigint {
	const said = text(value, name);
	return /^-?\d+$/.test(said) && said.length <= digits
		? BigInt(said)
		: malformed(name, `a decimal of at most ${digits} digits`);
}

function parseNode(value: unknown, name: string): ScoreNode {
	const node = object(value, name);
	return {
		hash: checkDigest(node.hash as Hex, `${name}.hash`),
		rows: whole(node.rows, `${name}.rows`, 1, MAX_ROWS),
		heads: whole(node.heads, `${name}.heads`, 0, MAX_ROWS),
		sum: decimal(node.sum, `${name}.sum`, 32),
		squares: decimal(node.squares, `${name}.squares`, 48),
		max: whole(node.max, `${name}.max`, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
	};
}

function parseBlock(value: unknown, at: number): OpenBlock {
	const name = `open ${at}`;
	const block = object(value, name);
	const scores = list(block.scores, `${name}.scores`, ROWS_PER_BLOCK);
	const heads = text(block.heads, `${name}.heads`);
	if (heads.length !== scores.length || !/^[01]*$/.test(heads)) malformed(`${name}.heads`, "a 0 or 1 for each score");
	const most = Number.MAX_SAFE_INTEGER;
	return {
		block: whole(block.block, `${name}.block`, 0, MAX_ROWS),
		rows: scores.map((score, i) => ({ score: whole(score, `${name}.scores`, -most, most), head: heads[i] === "1" })),
	};
}

function parseRow(value: unknown, at: number): RowOpening {
	const name = `rows ${at}`;
	const row = object(value, name);
	const proof = (key: string) =>
		list(row[key], `${name}.${key}`, MAX_PROOF_LENGTH).map((one) => checkDigest(one as Hex, `${name}.${key}`));
	return {
		index: whole(row.index, `${name}.index`, 0, MAX_ROWS),
		row: parseText(object(row.row, `${name}.row`), `${name}.row`),
		salt: checkDigest(row.salt as Hex, `${name}.salt`),
		commitment: checkDigest(row.commitment as Hex, `${name}.commitment`),
		contributor: checkAddress(row.contributor as Hex, `${name}.contributor`),
		cluster: whole(row.cluster, `${name}.cluster`, 0, MAX_ROWS),
		snapshotProof: proof("snapshotProof"),
		feature: {
			scale: whole(row.scale, `${name}.scale`, 0, 65535),
			numbers: fromBase64(text(row.numbers, `${name}.numbers`), `${name}.numbers`),
		},
		featureProof: proof("featureProof"),
	};
}

function parseText(row: Json, name: string): Row {
	const said = { prompt: text(row.prompt, `${name}.prompt`), response: text(row.response, `${name}.response`) };
	if (row.before === undefined) return said;
	const before = list(row.before, `${name}.before`, MAX_TURNS).map((turn): Turn => {
		const { role, content } = object(turn, `${name}.before`);
		if (role !== "system" && role !== "user" && role !== "assistant") malformed(`${name}.before.role`, "a role");
		return { role: role as Turn["role"], content: text(content, `${name}.before.content`) };
	});
	return { ...said, before };
}

function base64(numbers: Int8Array): string {
	let characters = "";
	for (const number of numbers) characters += String.fromCharCode(number & 255);
	return btoa(characters);
}

function fromBase64(said: string, name: string): Int8Array {
	if (said.length > 2 * MAX_FEATURE_WIDTH || !/^[A-Za-z0-9+/]*={0,2}$/.test(said) || said.length % 4 !== 0)
		return malformed(name, `base64 of at most ${MAX_FEATURE_WIDTH} bytes`);
	const characters = atob(said);
	return Int8Array.from(characters, (character) => character.charCodeAt(0));
}
