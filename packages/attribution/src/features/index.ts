export { createFeatureScanner, type FeatureScanner, type FeatureScannerOptions } from "./createFeatureScanner.js";
export { FeatureError, type FeatureErrorCode } from "./errors.js";
export { FEATURE_LEAF_TAG, featureLeafOf, featureRowLeaf } from "./featureLeaf.js";
export {
	checkFeatureQuery,
	checkFeatureRows,
	type FeatureRows,
	featureNumbers,
	featureRecords,
	MAX_FEATURE_ROWS,
	MAX_FEATURE_WIDTH,
	parseFeatureRecords,
} from "./featureRows.js";
export { featureRowsRoot, featureRowsTree } from "./featureRowsTree.js";
export { featureTree } from "./featureTree.js";
export { createLocalScan, type LocalScan } from "./localScan.js";
export { MOST_THREADS, MOST_TOP } from "./scanTeam.js";
export { type RowScore, type ScoreSummary, scoreFeatureRows, summariseScores } from "./scoreFeatureRows.js";
export { type FeatureSearch, type FeatureSearchOptions, openFeatureSearch } from "./store/openFeatureSearch.js";
export {
	type FeatureStore,
	type FeatureStoreOptions,
	MOST_APPEND_BYTES,
	openFeatureStore,
} from "./store/openFeatureStore.js";
export { verifyFeatureStore } from "./store/verifyFeatureStore.js";
