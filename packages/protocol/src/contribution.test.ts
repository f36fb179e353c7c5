// The twins of Ids.sol and DisputeDeposits.sol, held to the vectors that the Solidity side is held to (contracts/test/datanet).
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { contributionCommitment, disputeBond, divideDeposits } from "./contribution.js";
import { commitmentLeaf } from "./row.js";

type Hex = `0x${string}`;
type Offer = {
	readonly [key in "datanetId" | "contributor" | "rowsRoot" | "salt" | "commitment" | "saltAsRowLeaf"]: Hex;
} & { readonly rowCount: number };
type Deposits = Readonly<Record<"stakeWei" | "bondPpm" | "bondWei" | "feesWei" | "returnedWei", string>> &
	Readonly<Record<"appellantWei" | "defenderPaysWei" | "forfeitWei", string>> & { readonly right: 0 | 1 | 2 };

const file = new URL("../../../contracts/test/vectors/datanets.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8")) as { offers: Offer[]; deposits: Deposits[] };
const RIGHT = ["nobody", "appellant", "defender"] as const;

test("default: commitments and row leaves as the contract computes them", () => {
	expect(vectors.offers).toHaveLength(4);
	for (const { commitment, saltAsRowLeaf, ...offer } of vectors.offers) {
		expect(contributionCommitment(offer)).toBe(commitment);
		expect(commitmentLeaf(offer.salt)).toBe(saltAsRowLeaf);
	}
});

test("default: deposits as the contract divides them", () => {
	expect(vectors.deposits).toHaveLength(9);
	for (const { stakeWei, bondPpm, bondWei, feesWei, returnedWei, right, ...expected } of vectors.deposits) {
		expect(disputeBond(BigInt(stakeWei), BigInt(bondPpm))).toBe(BigInt(bondWei));
		const given = { feesWei: BigInt(feesWei), bondWei: BigInt(bondWei), returnedWei: BigInt(returnedWei) };
		const found = divideDeposits({ ...given, right: RIGHT[right] });
		expect(Object.fromEntries(Object.entries(found).map(([key, wei]) => [key, String(wei)]))).toEqual(expected);
	}
});

test("behavior: the commitment binds everything, and refuses what is no digest, address or count", () => {
	const [offer] = vectors.offers as [Offer];
	const other = vectors.offers[1]!;
	const changed = (["datanetId", "contributor", "rowsRoot", "rowCount", "salt"] as const).map((field) =>
		contributionCommitment({ ...offer, [field]: other[field] }),
	);
	expect(new Set([...changed, offer.commitment]).size).toBe(6);
	expect(() => contributionCommitment({ ...offer, salt: "0x01" })).toThrow(
		expect.objectContaining({ code: "protocol/bad-digest" }),
	);
	expect(() => contributionCommitment({ ...offer, rowCount: 2 ** 32 })).toThrow(
		expect.objectContaining({ code: "protocol/bad-number" }),
	);
	const deposits = { feesWei: 1n, bondWei: 1n, returnedWei: 2n, right: "nobody" } as const;
	expect(() => divideDeposits(deposits)).toThrow(expect.objectContaining({ code: "protocol/bad-number" }));
});
