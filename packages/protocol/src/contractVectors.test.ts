// The contracts' own numbers (contracts/test/vectors, written by forge) against their twins here.
import { existsSync, readFileSync } from "node:fs";
import type { Address, Hex } from "viem";
import { expect, test } from "vitest";
import { splitFee } from "./fee.js";
import { contributionId, datanetId, modelId } from "./ids.js";

type Vectors<Case, Expected> = { readonly cases: readonly Case[]; readonly expected: readonly Expected[] };

function vectors<Case, Expected>(name: string): { file: URL; read(): Vectors<Case, Expected> } {
	const file = new URL(`../../../contracts/test/vectors/${name}.json`, import.meta.url);
	return { file, read: () => JSON.parse(readFileSync(file, "utf8")) };
}

const fees = vectors<
	{ feeWei: string; platformWei: string; split: [number, number, number, number, number] },
	Record<"platform" | "contributors" | "owner" | "node" | "stakers" | "treasury", string>
>("feeSplit");
const ids = vectors<
	{ owner: Address; name: string; version: number; rowsRoot: Hex },
	{ datanetId: Hex; contributionId: Hex; modelId: Hex }
>("ids");

test.skipIf(!existsSync(fees.file))("splitFee agrees with FeeSplit.sol", () => {
	const { cases, expected } = fees.read();
	expect(cases.length).toBeGreaterThan(2);
	for (const [index, { feeWei, platformWei, split }] of cases.entries()) {
		const [contributorsPpm, ownerPpm, nodePpm, stakersPpm, treasuryPpm] = split;
		const parts = splitFee(BigInt(feeWei), BigInt(platformWei), {
			contributorsPpm,
			ownerPpm,
			nodePpm,
			stakersPpm,
			treasuryPpm,
		});
		const asText = Object.fromEntries(Object.entries(parts).map(([name, wei]) => [name, String(wei)]));
		expect(asText).toEqual(expected[index]);
	}
});

test.skipIf(!existsSync(ids.file))("ids agree with Ids.sol", () => {
	const { cases, expected } = ids.read();
	for (const [index, { owner, name, version, rowsRoot }] of cases.entries()) {
		const datanet = datanetId(owner, name);
		expect(datanet).toBe(expected[index]?.datanetId);
		expect(contributionId(datanet, owner, rowsRoot)).toBe(expected[index]?.contributionId);
		expect(modelId(owner, name, version)).toBe(expected[index]?.modelId);
	}
});
