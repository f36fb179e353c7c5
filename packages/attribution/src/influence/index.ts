export { type AdapterGradients, openAdapterGradients, type Reduction } from "./adapterGradients.js";
export {
	type Answer,
	type AttributableRun,
	type Attribution,
	type Attributor,
	createAttributor,
	METHOD,
} from "./attribute.js";
export type { Checkpoint } from "./checkpoint.js";
export { type CollectedFeatures, type CollectOptions, collectFeatures, prepareFeatures } from "./collectFeatures.js";
export { createFeatureMaker, type RowFeatureMaker } from "./featureMaker.js";
export { FEATURE_WIDTH, type FeatureSpace, featureWidth, type MatrixRotation, spaceDigest } from "./featureSpace.js";
export { FITTED_ROWS, type FitOptions, fitFeatureSpace, fittedRows, prepareFeatureSpace } from "./fitFeatureSpace.js";
export { packedRowBytes, packFeatures, unpackFeatures } from "./packFeatures.js";
export { LEVELS, type QuantisedRow, quantiseQuery, quantiseRow } from "./quantiseFeature.js";
export { createQueryMetric, LANDMARKS, landmarkRows, type QueryMetric } from "./queryMetric.js";
