// What a juror must know to show its vote: choice and salt. Kept in this browser before the vote is sealed, and given as a file to keep
// besides: who loses it cannot show the vote, and is charged as absent.

import { bytesToHex, type Hex } from "viem";
import { saveFile } from "../saveFile.js";

export type VoteSecret = { readonly choice: number; readonly salt: Hex };
export type VoteOf = {
	readonly chainId: number;
	readonly jury: string;
	readonly caseId: string;
	readonly juror: string;
};

const nameOf = ({ chainId, jury, caseId, juror }: VoteOf) =>
	["openledger.vote", chainId, jury.toLowerCase(), caseId, juror.toLowerCase()].join(".");

export function newVote(choice: number): VoteSecret {
	return { choice, salt: bytesToHex(crypto.getRandomValues(new Uint8Array(32))) };
}

/** A juror who thinks again before anything is sealed leaves some behind: which of them was sealed, only the chain says. */
const MOST_KEPT = 8;

/** Beside those kept before. Throws where this browser keeps nothing. */
export function keepVote(of: VoteOf, secret: VoteSecret): void {
	const others = keptVotes(of).filter(({ salt }) => salt !== secret.salt);
	localStorage.setItem(nameOf(of), JSON.stringify([secret, ...others].slice(0, MOST_KEPT)));
}

/** The newest first. */
export function keptVotes(of: VoteOf): readonly VoteSecret[] {
	try {
		const kept: unknown = JSON.parse(localStorage.getItem(nameOf(of)) ?? "[]");
		return (Array.isArray(kept) ? kept : [kept]).map(voteIn).filter((one) => one !== undefined);
	} catch {
		return [];
	}
}

export function saveVote(of: VoteOf, secret: VoteSecret): void {
	saveFile(`vote-${of.caseId}-${of.juror.slice(0, 10)}.json`, JSON.stringify({ ...of, ...secret }), "application/json");
}

/** Of a saved file; undefined where it is none. */
export function parseVote(text: string): VoteSecret | undefined {
	try {
		return voteIn(JSON.parse(text));
	} catch {
		return undefined;
	}
}

function voteIn(value: unknown): VoteSecret | undefined {
	const { choice, salt } = (value ?? {}) as Partial<VoteSecret>;
	const isVote = [1, 2, 3].includes(choice ?? 0) && /^0x[0-9a-f]{64}$/.test(salt ?? "");
	return isVote ? { choice: choice!, salt: salt! } : undefined;
}
