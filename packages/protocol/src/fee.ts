// What an answer costs and how the fee is cut: the twin of FeeSplit.sol, to the wei. It must not know who is paid.
import { checkAmount, checkCount } from "./checks.js";
import { CallerError } from "./errors.js";
import { PPM } from "./shares.js";

/** Wei per answer, and wei per thousand tokens read and written. */
export type FeeRates = {
	readonly platformWei: bigint;
	readonly inWeiPer1000: bigint;
	readonly outWeiPer1000: bigint;
};

/** How the fee net of the platform part is cut; parts per million that sum to 1,000,000. */
export type Split = {
	readonly contributorsPpm: number;
	readonly ownerPpm: number;
	readonly nodePpm: number;
	readonly stakersPpm: number;
	readonly treasuryPpm: number;
};

/** The parts of one fee in wei; they sum to it. */
export type FeeParts = {
	readonly platform: bigint;
	readonly contributors: bigint;
	readonly owner: bigint;
	readonly node: bigint;
	readonly stakers: bigint;
	readonly treasury: bigint;
};

/** platform + ⌈tokensIn·in/1000⌉ + ⌈tokensOut·out/1000⌉, in wei; throws `protocol/bad-number`, `protocol/bad-amount`. */
export function feeFor(tokensIn: number, tokensOut: number, rates: FeeRates): bigint {
	return (
		checkAmount(rates.platformWei, "platformWei") +
		perThousand(checkCount(tokensIn, "tokensIn"), checkAmount(rates.inWeiPer1000, "inWeiPer1000")) +
		perThousand(checkCount(tokensOut, "tokensOut"), checkAmount(rates.outWeiPer1000, "outWeiPer1000"))
	);
}

/** Cuts a fee: floor(net·ppm/1e6) each, what rounding leaves goes to the contributors; throws `protocol/fee-below-platform`. */
export function splitFee(fee: bigint, platformWei: bigint, split: Split): FeeParts {
	checkSplit(split);
	checkAmount(platformWei, "platformWei");
	if (checkAmount(fee, "fee") < platformWei) {
		throw new CallerError(`a fee of ${fee} wei is below its platform part; it must be at least ${platformWei} wei`, {
			code: "protocol/fee-below-platform",
			details: { fee: String(fee), platformWei: String(platformWei) },
		});
	}
	const net = fee - platformWei;
	const cut = (ppm: number) => (net * BigInt(ppm)) / BigInt(PPM);
	const owner = cut(split.ownerPpm);
	const node = cut(split.nodePpm);
	const stakers = cut(split.stakersPpm);
	const treasury = cut(split.treasuryPpm);
	return {
		platform: platformWei,
		contributors: net - owner - node - stakers - treasury,
		owner,
		node,
		stakers,
		treasury,
	};
}

/** Throws `protocol/bad-split` unless the five shares are integers that sum to 1,000,000. */
export function checkSplit(split: Split): void {
	const { contributorsPpm, ownerPpm, nodePpm, stakersPpm, treasuryPpm } = split;
	const parts = { contributorsPpm, ownerPpm, nodePpm, stakersPpm, treasuryPpm };
	let sum = 0;
	for (const [name, ppm] of Object.entries(parts)) sum += checkCount(ppm, name, PPM);
	if (sum === PPM) return;
	throw new CallerError(`the split sums to ${sum}; its five shares must sum to ${PPM}`, {
		code: "protocol/bad-split",
		details: { sum },
	});
}

function perThousand(tokens: number, weiPer1000: bigint): bigint {
	return (BigInt(tokens) * weiPer1000 + 999n) / 1000n;
}
