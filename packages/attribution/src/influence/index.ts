export {
	type Answer,
	type AttributableRun,
	type Attribution,
	type Attributor,
	createAttributor,
	METHOD,
	quantisedFeatures,
} from "./attribute.js";
export type { Checkpoint } from "./checkpoint.js";
export { type FeatureIndex, featureLeaf, featureOf, featuresRoot, queryDigest } from "./featureIndex.js";
export { createGradientCollector, type GradientCollector } from "./gradients.js";
export { integerDot, quantise } from "./quantise.js";
export { scoreRows } from "./score.js";
