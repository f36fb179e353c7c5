// Exports of the span module: suffix arrays and the hashes that commit to them. It holds no state and owns no memory but what it grows:
// every pointer is a byte offset from the caller. It must not know rows, words or proofs.
export { buildSegment, hashOne } from "./merkle";
export { sortSuffixes } from "./suffixes";
