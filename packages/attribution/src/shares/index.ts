export { type Explains, explainsByFeatures, type RowFeature } from "./explains.js";
export { type ClusteredRow, heads } from "./heads.js";
export {
	type AttributedRow,
	contributorShares,
	MAX_PAID,
	type ScoredRow,
	type Shares,
	sharesFromTotals,
	sharesOf,
} from "./shares.js";
export { othersOf, type ShareTotals, shareBar, shareNoise, shareTotals, shareWeight } from "./shareTotals.js";
