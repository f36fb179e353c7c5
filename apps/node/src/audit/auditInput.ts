// What an audit is asked, checked and written out: a run, queries as tokens, whose rows. The same words always come to the same audit.

import { encodeExample, type TokenRow } from "@openledger/llm";
import type { ChatOrder } from "@openledger/openlora";
import {
	type Address,
	CallerError,
	canonicalJson,
	type Hex,
	receiptFromJson,
	saltedHash,
	sha256,
	utf8,
} from "@openledger/protocol";
import { eq, or } from "drizzle-orm";
import { models, receipts } from "../database/schema.js";
import { notFound } from "../errors.js";
import { readReceipt } from "../inference/readAnswer.js";
import type { ShelvedModel } from "../model/openModelShelf.js";
import type { NodeParts } from "../parts.js";

export const AUDIT_METHODS = ["leave-one-contributor-out", "magic"] as const;
export type AuditMethod = (typeof AUDIT_METHODS)[number];

export const AUDIT_LIMITS = { queries: 64, promptCharacters: 4000, answerCharacters: 4000 } as const;

export type WantedAudit = {
	/** Id of a receipt, whose answer is audited; or id or served name of a model, and then with queries. */
	readonly id: string;
	readonly method: AuditMethod;
	readonly queries?: readonly { readonly prompt: string; readonly response: string }[] | undefined;
	/** Names or accounts; all by default. */
	readonly contributors?: readonly string[] | undefined;
};

export type AuditQuery = { readonly prompt: string; readonly response: string } & Pick<TokenRow, "from" | "tokens">;

/** As it is kept in the database. */
export type AuditInput = {
	readonly method: AuditMethod;
	readonly modelId: Hex;
	readonly receiptId: Hex | null;
	readonly queries: readonly AuditQuery[];
	/** Accounts in ascending order; null for all. */
	readonly contributors: readonly Address[] | null;
};

export type PreparedAudit = { readonly id: string; readonly input: AuditInput; readonly model: ShelvedModel };

/** Throws `audit/…` and `…/not-found`, saying what to ask instead. For a receipt the answer is computed again, to have its tokens. */
export async function prepareAudit(parts: NodeParts, wanted: WantedAudit): Promise<PreparedAudit> {
	const { receiptId, modelId } = await findSubject(parts, wanted.id);
	const { method, queries: given = [] } = wanted;
	if (receiptId !== null && given.length > 0) {
		throw refused(
			"queries-of-a-receipt",
			"a receipt brings its own question and answer; for others give the model's id or name instead of the receipt's",
		);
	}
	const model = await parts.shelf.serve(modelId);
	const queries =
		receiptId === null
			? checkQueries(given).map((query) => encodeQuery(parts, query))
			: [await answered(parts, receiptId)];
	const contributors = wanted.contributors === undefined ? null : findAccounts(model, wanted.contributors);
	const input: AuditInput = { method, modelId, receiptId, queries, contributors };
	return { id: auditId(input, model), input, model };
}

/** Names a query by what the model reads: its tokens, and which of them count. */
export function queryDigest({ tokens, from }: TokenRow): Hex {
	return sha256(utf8(`openledger/audit-query/v1\n${canonicalJson({ tokens, from })}`));
}

/** `audit-` and 16 hex digits. Whoever asks the same of the same run gets the same. */
function auditId({ method, modelId, receiptId, queries, contributors }: AuditInput, { run }: ShelvedModel): string {
	const asked = { method, modelId, receiptId, contributors, run: run.runCommitment, queries: queries.map(queryDigest) };
	return `audit-${sha256(utf8(canonicalJson(asked))).slice(2, 18)}`;
}

async function findSubject(
	{ db }: NodeParts,
	id: string,
): Promise<{ readonly receiptId: Hex | null; readonly modelId: Hex }> {
	const [receipt] = await db
		.select()
		.from(receipts)
		.where(eq(receipts.id, id as Hex));
	if (receipt !== undefined) return { receiptId: receipt.id, modelId: receipt.modelId };
	const [model] = await db
		.select()
		.from(models)
		.where(or(eq(models.id, id as Hex), eq(models.servedName, id)));
	if (model === undefined) throw notFound("model", id, "give the id of a receipt, or the id or name of a model");
	return { receiptId: null, modelId: model.id };
}

function checkQueries(queries: NonNullable<WantedAudit["queries"]>): NonNullable<WantedAudit["queries"]> {
	if (queries.length === 0) {
		throw refused(
			"no-query",
			"a model is audited for given answers; name at least one question with its answer, or the id of a receipt",
		);
	}
	if (queries.length > AUDIT_LIMITS.queries) {
		throw refused("too-many-queries", `an audit takes at most ${AUDIT_LIMITS.queries} queries, not ${queries.length}`);
	}
	queries.forEach(({ prompt, response }, i) => {
		for (const [what, text, most] of [
			["prompt", prompt, AUDIT_LIMITS.promptCharacters],
			["response", response, AUDIT_LIMITS.answerCharacters],
		] as const) {
			if (text.length >= 1 && text.length <= most && !/\p{Surrogate}|\0/u.test(text)) continue;
			throw refused("bad-query", `the ${what} of query ${i + 1} must be well-formed text of 1 to ${most} characters`);
		}
	});
	return queries;
}

function encodeQuery({ engine }: NodeParts, { prompt, response }: { prompt: string; response: string }): AuditQuery {
	const { tokens, from } = encodeExample(engine.base, prompt, response);
	return fitting(engine.base.config.maxPositions, { prompt, response, tokens, from });
}

function fitting(most: number, query: AuditQuery): AuditQuery {
	if (query.tokens.length <= most) return query;
	const shown = query.prompt.slice(0, 40);
	throw refused(
		"query-too-long",
		`${JSON.stringify(shown)} and its answer take ${query.tokens.length} tokens, the base reads ${most}`,
	);
}

/** A receipt's question and answer as tokens; they must be those that were signed. */
async function answered(parts: NodeParts, receiptId: Hex): Promise<AuditQuery> {
	const { stored } = await readReceipt(parts, receiptId);
	const order = stored.order as ChatOrder;
	const { promptTokens, responseTokens, text } = await parts.backend.generate(order);
	if (saltedHash(text, stored.salt) !== receiptFromJson(stored.receipt).responseHash) {
		throw refused(
			"answer-differs",
			`the model does not give the answer of receipt ${receiptId} again; openledger receipt verify ${receiptId} says what differs`,
		);
	}
	const { base } = parts.engine;
	const prompt = order.messages.at(-1)?.content ?? "";
	const tokens = [...promptTokens, ...responseTokens, base.endOfText];
	return fitting(base.config.maxPositions, { prompt, response: text, tokens, from: promptTokens.length });
}

function findAccounts({ rows, servedName }: ShelvedModel, wanted: readonly string[]): Address[] {
	const byName = new Map(
		rows.flatMap((row) => [
			[row.contributorName, row.contributor],
			[row.contributor, row.contributor],
		]),
	);
	const found = wanted.map((name) => {
		const account = byName.get(name) ?? byName.get(name.toLowerCase());
		if (account !== undefined) return account as Address;
		const names = [...new Set(rows.map(({ contributorName }) => contributorName))].sort().slice(0, 20).join(", ");
		throw refused(
			"no-such-contributor",
			`nobody called ${JSON.stringify(name)} gave rows to ${servedName}; they are from ${names}`,
		);
	});
	return [...new Set(found)].sort();
}

function refused(code: string, message: string): CallerError {
	return new CallerError(message, { code: `audit/${code}` });
}
