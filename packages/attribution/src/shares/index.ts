export { type Explains, explainsByFeatures, type RowFeature } from "./explains.js";
export { type ClusteredRow, heads } from "./heads.js";
export {
	type EpochEffect,
	type EpochPay,
	epochEffects,
	type ReconciledPay,
	reconcileEpoch,
} from "./reconcileEpoch.js";
export {
	type AttributedRow,
	contributorShares,
	type ScoredRow,
	type Shares,
	sharesFromTotals,
	sharesOf,
} from "./shares.js";
export { MAX_PAID, othersOf, type ShareTotals, shareBar, shareFloor, shareTotals, shareWeight } from "./shareTotals.js";
