// What outsiders import: a fetch that pays, and receipts that can be checked. It must not know how a node works inside.
export { type Address, CallerError, type Hex, type Receipt, TransientError } from "@openledger/protocol";
export { createPayingFetch, type PayingFetchOptions } from "./createPayingFetch.js";
export { type FetchReceipt, fetchReceipt, type SignedReceipt } from "./fetchReceipt.js";
export { verifyReceiptSignature } from "./verifyReceiptSignature.js";
