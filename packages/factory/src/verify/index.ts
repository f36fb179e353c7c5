export { checkAnswer, type KeptAnswer } from "./checkAnswer.js";
export { checkMeasured, type MeasuredFindings, type MeasuredInput, type MeasuredOptions } from "./checkMeasured.js";
export {
	checkPublishedModel,
	checkPublishedRows,
	checkPublishedRun,
	type PublishedModel,
	type PublishedRow,
} from "./checkPublished.js";
export {
	checkSpanRecord,
	checkSpanSignature,
	type SignedSpanRecord,
	type SpansOf,
	stretches,
} from "./checkSpanReceipt.js";
export { type Compared, Difference, same, watchComparisons } from "./difference.js";
export { type Check, type CheckOne, type RunListedOptions, runListed } from "./runListed.js";
export { type RunMeasure, runMeasure } from "./runMeasure.js";
