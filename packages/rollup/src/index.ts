// The rollup room: an epoch's data in one canonical form, and the data layer that keeps it where anybody can read it.
// It must not know databases, prompts or answers.

export { divideContributorsPart } from "@openledger/protocol";
export {
	type BlobEarning,
	type BlobReceipt,
	type CountedRow,
	decodeEpochBlob,
	type EpochBlob,
	type ErasedRow,
	encodeEpochBlob,
} from "./blob/epochBlob.js";
export { getBlob, putBlob } from "./da/blobParts.js";
export { type CommitmentMode, contentDigest, digestOf, localCommitment } from "./da/commitment.js";
export { type DataClient, type DataClientOptions, type DataLayer, dataClient, localData } from "./da/dataClient.js";
export { dataServer } from "./da/dataServer.js";
export { MAX_BLOB, MAX_COMMITMENT, MAX_PART, MAX_PAYLOAD } from "./da/limits.js";
export { type ListenDataServer, type ListeningDataServer, listenDataServer } from "./da/listenDataServer.js";
export { type DataStore, type DataStoreOptions, openDataStore } from "./da/openDataStore.js";
export { checkEpoch, type EpochContext, type EpochFault, receiptIds, receiptsTreeOf } from "./ledger/checkEpoch.js";
export { type EarnEpoch, type EarningReceipt, earnEpoch, type ModelTerms } from "./ledger/earnEpoch.js";
export { claimOf, epochClaim } from "./ledger/epochClaim.js";
