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

/** Throws where this browser keeps nothing. */
export function keepVote(of: VoteOf, secret: VoteSecret): void {
	localStorage.setItem(nameOf(of), JSON.stringify(secret));
}

export function keptVote(of: VoteOf): VoteSecret | undefined {
	try {
		return parseVote(localStorage.getItem(nameOf(of)) ?? "");
	} catch {
		return undefined;
	}
}

export function saveVote(of: VoteOf, secret: VoteSecret): void {
	saveFile(`vote-${of.caseId}-${of.juror.slice(0, 10)}.json`, JSON.stringify({ ...of, ...secret }), "application/json");
}

/** Of a saved file, or of what is kept here; undefined where it is none. */
export function parseVote(text: string): VoteSecret | undefined {
	try {
		const { choice, salt } = JSON.parse(text) as Partial<VoteSecret>;
		const isVote = [1, 2, 3].includes(choice ?? 0) && /^0x[0-9a-f]{64}$/.test(salt ?? "");
		return isVote ? { choice: choice!, salt: salt! } : undefined;
	} catch {
		return undefined;
	}
}
