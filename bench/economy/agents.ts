// Who takes part, with what, and how each one is. Curators and verifiers judge with a small error, colluders by whose friend it is, the lazy
// one always alike. It must not know the contracts.
import type { Address } from "viem";
import type { Chance } from "./chance.js";
import { accountOf, OPEN } from "./world.js";

export const START_WEI = 1_000_000n * OPEN;

const many = (name: string, count: number) => Array.from({ length: count }, (_, i) => `${name} ${i + 1}`);

export const NAMES = {
	honest: "honest contributor",
	spammer: "spammer",
	copier: "copier",
	sybils: many("Sybil name", 4),
	ring: "ring's contributor",
	colluders: many("colluding curator", 5),
	curators: many("curator", 20),
	verifiers: many("verifier", 11),
	lazy: many("lazy verifier", 2),
	settler: "settler",
	withholder: "withholding proposer",
	challenger: "challenger",
	watcher: "watcher",
	griefer: "griefing challenger",
	poster: "job poster",
	trainer: "honest trainer",
	cheat: "cheating trainer",
	payers: "payers",
	owner: "datanet owner",
} as const;

export const EVERYBODY: readonly string[] = Object.values(NAMES).flat();

/** What is reported: a role, its members, and whose result it is measured against where not attacking is something else than doing nothing. */
export type Role = {
	readonly name: string;
	readonly members: readonly string[];
	readonly kind: "honest" | "attack";
	readonly instead?: string;
};

export const ROLES: readonly Role[] = [
	{ name: "honest contributor", members: [NAMES.honest], kind: "honest" },
	{ name: "honest curator", members: NAMES.curators, kind: "honest" },
	{ name: "honest verifier", members: NAMES.verifiers, kind: "honest" },
	{ name: "honest trainer", members: [NAMES.trainer], kind: "honest" },
	{ name: "challenger", members: [NAMES.challenger], kind: "honest" },
	{ name: "watcher who appeals", members: [NAMES.watcher], kind: "honest" },
	{ name: "spammer", members: [NAMES.spammer], kind: "attack" },
	{ name: "copier", members: [NAMES.copier], kind: "attack" },
	{ name: "Sybil splitter", members: NAMES.sybils, kind: "attack", instead: "honest contributor" },
	{ name: "colluding curators", members: [NAMES.ring, ...NAMES.colluders], kind: "attack" },
	{ name: "lazy verifier", members: NAMES.lazy, kind: "attack", instead: "honest verifier" },
	{ name: "cheating trainer", members: [NAMES.cheat], kind: "attack" },
	{ name: "withholding proposer", members: [NAMES.withholder], kind: "attack" },
	{ name: "griefing challenger", members: [NAMES.griefer], kind: "attack" },
];

/** What work costs whom, in OPEN; an attacker that skips the work saves it. */
export const COSTS = { goodRow: 1n, judging: 2n, training: 150n } as const;

/** How often somebody honest is wrong about a contribution, and about a root. */
const ERRORS = { curator: 0.08, verifier: 0.01 } as const;

const isOne = (names: readonly string[]) => {
	const accounts = new Set(names.map((name) => accountOf(name)));
	return (account: Address) => accounts.has(account);
};
export const isColluder = isOne(NAMES.colluders);
export const isLazy = isOne(NAMES.lazy);

/** 1 accept, 2 reject, 3 junk. */
export function curatorsVote(chance: Chance, truth: number, byRing: boolean, caseId: bigint) {
	return (juror: Address): number => {
		if (byRing && isColluder(juror)) return 1;
		if (chance.of("curator", caseId, juror) >= ERRORS.curator) return truth;
		return truth === 1 ? 2 : chance.of("how", caseId, juror) < 0.5 ? 1 : truth === 2 ? 3 : 2;
	};
}

/** 1 the root is right, 2 it is wrong; the lazy one always agrees with it. */
export function verifiersVote(chance: Chance, truth: number, caseId: bigint) {
	return (juror: Address): number => {
		if (isLazy(juror)) return 1;
		return chance.of("verifier", caseId, juror) >= ERRORS.verifier ? truth : 3 - truth;
	};
}
