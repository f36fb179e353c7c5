// What the node tells of governance. Votes and amounts are decimal strings of wei, times Unix seconds by the chain's clock.

import { useQuery } from "@tanstack/react-query";
import type { Address, Hex } from "viem";
import { getJson } from "../../shared/api/client.js";

export type ProposalState =
	| "pending"
	| "active"
	| "canceled"
	| "defeated"
	| "succeeded"
	| "queued"
	| "expired"
	| "executed";

export type VoteName = "against" | "for" | "abstain";
/** As the governor counts them. */
export const VOTES: readonly VoteName[] = ["against", "for", "abstain"];

export type Action = { readonly target: Address; readonly valueWei: string; readonly data: Hex };

export type DecodedAction = Action & {
	readonly contract?: string;
	readonly functionName?: string;
	readonly args: readonly { readonly name: string; readonly type: string; readonly shown: string }[];
	readonly text: string;
};

export type SimulatedAction = DecodedAction & {
	readonly refusal?: string;
	readonly change?: { readonly what: string; readonly before: string; readonly after: string };
};

export type Simulation = { readonly ok: boolean; readonly actions: readonly SimulatedAction[] };

export type Proposal = {
	readonly id: string;
	readonly number: number;
	readonly proposer: Address;
	readonly description: string;
	readonly actions: readonly Action[];
	readonly state: ProposalState;
	readonly snapshot: string;
	readonly deadline: string;
	/** "0" until it is queued. */
	readonly eta: string;
	readonly votes: Readonly<Record<VoteName, string>>;
	readonly quorum?: string;
};

export type ShownProposal = Proposal & {
	readonly proposerName: string | null;
	readonly decoded: readonly DecodedAction[];
	readonly voteCount: number;
	readonly ballots: readonly {
		readonly voter: Address;
		readonly name: string | null;
		readonly weightWei: string;
		readonly vote: VoteName;
		readonly reason: string;
		readonly transactionHash: Hex;
	}[];
	readonly steps: readonly {
		readonly step: string;
		readonly until: string | null;
		readonly blockNumber: string;
		readonly transactionHash: Hex;
	}[];
	readonly now: string;
};

export type Voter = {
	readonly votesWei: string;
	readonly delegate: Address;
	readonly countsWei: string;
	readonly hasVoted: boolean;
};

export type Constant = { readonly key: string; readonly value: string; readonly min: string; readonly max: string };

const EVERY_MS = 3000;
const LISTED = 100;

/** Nothing changes any more. */
export const OVER: readonly ProposalState[] = ["canceled", "defeated", "expired", "executed"];

export function useProposals() {
	return useQuery({
		queryKey: ["governance"],
		queryFn: ({ signal }) =>
			getJson<{ proposals: readonly Proposal[]; count: number }>(`/api/governance?limit=${LISTED}`, signal),
		refetchInterval: EVERY_MS,
	});
}

export function useProposal(id: string) {
	return useQuery({
		queryKey: ["governance", id],
		queryFn: ({ signal }) => getJson<ShownProposal>(`/api/governance/${encodeURIComponent(id)}`, signal),
		refetchInterval: EVERY_MS,
	});
}

/** What it would do if it were executed now. */
export function useSimulation(id: string) {
	return useQuery({
		queryKey: ["governance", id, "simulation"],
		queryFn: async ({ signal }) =>
			(await getJson<{ simulation: Simulation }>(`/api/governance/${encodeURIComponent(id)}/simulation`, signal))
				.simulation,
		refetchInterval: 3 * EVERY_MS,
	});
}

export function useVoter(account: Address | undefined, proposal?: string) {
	const of = proposal === undefined ? "" : `?proposal=${encodeURIComponent(proposal)}`;
	return useQuery({
		queryKey: ["governance", "voters", account ?? "", proposal ?? ""],
		queryFn: ({ signal }) => getJson<Voter>(`/api/governance/voters/${account}${of}`, signal),
		enabled: account !== undefined,
		refetchInterval: EVERY_MS,
	});
}

export function useConstants() {
	return useQuery({
		queryKey: ["governance", "constants"],
		queryFn: async ({ signal }) =>
			(await getJson<{ constants: readonly Constant[] }>("/api/governance/constants", signal)).constants,
		refetchInterval: 3 * EVERY_MS,
	});
}

/** What changes that were not proposed yet would do, and as which calls. `set`: key=value in whole units of the chain. */
export async function simulate(set: readonly string[], call: readonly string[]) {
	const asked = new URLSearchParams([
		...set.map((text) => ["set", text] as [string, string]),
		...call.map((text) => ["call", text] as [string, string]),
	]);
	return await getJson<{ actions: readonly Action[]; simulation: Simulation }>(`/api/governance/simulation?${asked}`);
}
