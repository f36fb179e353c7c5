// What models of this node cost and who earns by them, unless their owner says otherwise. Printed with every model.

import type { FeeRates, Split } from "@openledger/protocol";

const OPEN = 10n ** 18n;

/** 0.0001 OPEN an answer, 0.01 a thousand tokens read, 0.04 a thousand tokens written. */
export const defaultRates: FeeRates = {
	platformWei: OPEN / 10_000n,
	inWeiPer1000: OPEN / 100n,
	outWeiPer1000: OPEN / 25n,
};

/** δ contributors, β owner, ω node, γ stakers, τ treasury. */
export const defaultSplit: Split = {
	contributorsPpm: 600_000,
	ownerPpm: 150_000,
	nodePpm: 150_000,
	stakersPpm: 50_000,
	treasuryPpm: 50_000,
};
