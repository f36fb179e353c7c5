// Seats, cases and votes of the jury as the chain knows them. Reads only.
import { type Address, type Hex, hexToString, stringToHex } from "viem";
import type { Ledger } from "../client/ledger.js";
import { readContract } from "../client/readContract.js";
import { juryAbi } from "../generated/index.js";

const PHASES = ["none", "drawing", "committing", "revealing", "counted", "settled"] as const;

export type CasePhase = Exclude<(typeof PHASES)[number], "none">;
export type JuryRole = "curator" | "verifier";

/** Times in seconds: votes are committed before `commitEnds`, shown from then on and before `revealEnds`. Verdict 0: none. */
export type JuryCase = {
	readonly court: Address;
	readonly role: JuryRole;
	readonly subject: Hex;
	readonly phase: CasePhase;
	readonly drawBlock: bigint;
	/** The draw is among the first so many positions of the bench. */
	readonly positions: number;
	/** And among seats of this number and below: later ones may sit there already. */
	readonly newestSeat: number;
	readonly commitEnds: number;
	readonly revealEnds: number;
	readonly size: number;
	readonly drawn: number;
	readonly committed: number;
	readonly revealed: number;
	readonly choices: number;
	readonly verdict: number;
	readonly feeWei: bigint;
};

/** `stakeWei` is locked for the seat; seats of a role are numbered as they are taken, from 1. */
export type JurySeat = { readonly stakeWei: bigint; readonly openCases: number; readonly number: number };

/** A role as the contract names it: its text, padded to 32 bytes. */
export function roleKey(role: JuryRole): Hex {
	return stringToHex(role, { size: 32 });
}

const jury = (ledger: Ledger) => ({ address: ledger.addresses.jury, abi: juryAbi }) as const;

/** How many cases there are; ids count from 1. */
export async function readCaseCount(ledger: Ledger): Promise<bigint> {
	return (await readContract(ledger, { ...jury(ledger), functionName: "cases", args: [] }))!;
}

/** Reads a case, its phase by the last block's time; undefined if there is none. */
export async function readCase(ledger: Ledger, caseId: bigint): Promise<JuryCase | undefined> {
	const one = (await readContract(ledger, { ...jury(ledger), functionName: "getCase", args: [caseId] }))!;
	if (one.phase === 0) return undefined;
	return {
		...one,
		role: hexToString(one.role, { size: 32 }) as JuryRole,
		phase: PHASES[one.phase] as CasePhase,
		commitEnds: Number(one.commitEnds),
		revealEnds: Number(one.revealEnds),
	};
}

/** Who was drawn for a case, in the order of the draw; empty before it. */
export async function readJurors(ledger: Ledger, caseId: bigint): Promise<readonly Address[]> {
	return (await readContract(ledger, { ...jury(ledger), functionName: "jurorsOf", args: [caseId] }))!;
}

/** A juror's vote: the zero digest before it is committed, choice 0 before it is shown. */
export async function readVote(
	ledger: Ledger,
	caseId: bigint,
	juror: Address,
): Promise<{ readonly commitment: Hex; readonly choice: number }> {
	const call = { ...jury(ledger), functionName: "voteOf", args: [caseId, juror] } as const;
	const [commitment, choice] = (await readContract(ledger, call))!;
	return { commitment, choice };
}

/** An operator's seat; undefined if it has none in that role. */
export async function readSeat(ledger: Ledger, role: JuryRole, operator: Address): Promise<JurySeat | undefined> {
	const call = { ...jury(ledger), functionName: "getSeat", args: [roleKey(role), operator] } as const;
	const seat = (await readContract(ledger, call))!;
	return seat.stakeWei === 0n ? undefined : seat;
}

/**
 * Who sits where, by position; undefined for a hole. What a draw recomputed by `drawJurors` of the
 * protocol starts from, less seats whose number is above the case's `newestSeat`.
 */
export async function readBench(ledger: Ledger, role: JuryRole): Promise<readonly (Address | undefined)[]> {
	const key = roleKey(role);
	const count = (await readContract(ledger, { ...jury(ledger), functionName: "positions", args: [key] }))!;
	const bench: (Address | undefined)[] = [];
	for (let position = 0n; position < count; position++) {
		const call = { ...jury(ledger), functionName: "seatAt", args: [key, position] } as const;
		const operator = (await readContract(ledger, call))!;
		bench.push(BigInt(operator) === 0n ? undefined : operator);
	}
	return bench;
}

/** What the jury owes an account, wei. */
export async function readJuryPay(ledger: Ledger, account: Address): Promise<bigint> {
	return (await readContract(ledger, { ...jury(ledger), functionName: "owed", args: [account] }))!;
}
