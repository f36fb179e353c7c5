// The tables against the contracts' own list of keys and against each other.
import { readFileSync } from "node:fs";
import { hexToString } from "viem";
import { expect, test } from "vitest";
import {
	LOCAL_WINDOWS,
	localSettings,
	localSettingsOf,
	PARAMETER_KEYS,
	type Parameter,
	parameterKey,
	parameterList,
	productionSettings,
} from "./parameters.js";

const PPM = 1_000_000n;
const source = new URL("../../../contracts/src/libraries/ParameterKeys.sol", import.meta.url);

test("default: the keys are those of ParameterKeys.sol", () => {
	const inSolidity = [...readFileSync(source, "utf8").matchAll(/constant [A-Z_]+ = "([A-Za-z]+)"/g)].map(
		([, key]) => key,
	);
	expect([...PARAMETER_KEYS].sort()).toEqual(inSolidity.sort());
	expect(parameterList(localSettings.parameters).map(({ key }) => hexToString(key, { size: 32 }))).toEqual([
		...PARAMETER_KEYS,
	]);
	expect(parameterKey("jurySize")).toMatch(/^0x6a75727953697a65(00){24}$/);
});

test("behavior: the contracts' own tests run with what is deployed", () => {
	const list = new URL("../../../contracts/test/support/ParameterList.sol", import.meta.url);
	const lines = [...readFileSync(list, "utf8").matchAll(/Parameter\("(\w+)", ([^,]+), ([^,]+), ([^)]+)\)/g)];
	const inSolidity = Object.fromEntries(
		lines.map(([, key, ...numbers]) => {
			const [value, min, max] = numbers.map(weiOf);
			return [key, { value, min, max }];
		}),
	);
	expect(inSolidity).toEqual(productionSettings.parameters);
});

/** `10 * OPEN`, `OPEN / 10`, `14 days`, `500_000` as Solidity reads them. */
function weiOf(text: string): bigint {
	const units: Record<string, bigint> = { OPEN: 10n ** 18n, days: 86_400n, hours: 3600n };
	const [first, ...rest] = text.replaceAll("_", "").split(" ");
	const number = (word: string) => units[word] ?? BigInt(word);
	if (rest.length === 0) return number(first!);
	if (rest.length === 1) return number(first!) * number(rest[0]!);
	return rest[0] === "*" ? number(first!) * number(rest[1]!) : number(first!) / number(rest[1]!);
}

const byHand = localSettingsOf("by-hand");
for (const [name, { parameters, governance }] of Object.entries({ localSettings, byHand, productionSettings })) {
	test(`behavior: ${name} lie within their own bounds`, () => {
		for (const [key, { value, min, max }] of Object.entries({ ...parameters, ...governance }) as [
			string,
			Parameter,
		][]) {
			expect(value >= min && value <= max, key).toBe(true);
		}
	});

	test(`behavior: ${name} cannot be voted into what does not add up`, () => {
		const { slashChallengerPpm, slashTreasuryPpm, wrongVotePpm, absentVotePpm } = parameters;
		expect(slashChallengerPpm.max + slashTreasuryPpm.max).toBeLessThanOrEqual(PPM);
		expect(wrongVotePpm.max + absentVotePpm.max).toBeLessThanOrEqual(PPM);
		expect(governance.quorumPercent.max).toBeLessThanOrEqual(100n);
		// The governor refuses an extension longer than the period, whatever either was voted to.
		if (name === "productionSettings")
			expect(governance.lateQuorumSeconds.max).toBeLessThanOrEqual(governance.votingPeriodSeconds.min);
	});
}

test("behavior: whoever disputes by hand has a minute for each step, and for an appeal or a defence where that was asked for", () => {
	const byPeople = ["voteCommitSeconds", "voteRevealSeconds", "openReviewSeconds", "revealSeconds"] as const;
	for (const windows of LOCAL_WINDOWS) {
		const { parameters } = localSettingsOf(windows);
		for (const key of byPeople) expect(parameters[key].value, `${windows} ${key}`).toBeGreaterThanOrEqual(60n);
	}
	expect(byHand.parameters.appealSeconds.value).toBeGreaterThanOrEqual(60n);
	// The main job waits for it.
	expect(localSettings.parameters.appealSeconds.value).toBe(1n);
});

test("behavior: what production promises at least, nobody can vote away", () => {
	const { parameters, governance } = productionSettings;
	expect(parameters.unbondingSeconds.min).toBe(7n * 86_400n);
	// Stake that is leaving can be slashed until every window it stood for is over.
	expect(parameters.unbondingSeconds.min).toBeGreaterThan(
		parameters.challengeSeconds.value + parameters.dataSeconds.value + parameters.voteCommitSeconds.value,
	);
	expect(governance.timelockSeconds.min).toBe(86_400n);
	expect(governance.quorumPercent.min).toBeGreaterThan(0n);
});
