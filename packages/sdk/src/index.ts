// What outsiders import: a fetch that pays, channels, prepaid keys, and receipts that can be checked. It must not know how a node
// works inside.
export { type Address, CallerError, type Hex, type Receipt, TransientError } from "@openledger/protocol";
export {
	type ChannelState,
	type ChannelStore,
	memoryChannelStore,
	openFileChannelStore,
} from "./channel/channelStore.js";
export {
	closeChannel,
	listChannels,
	type ManageChannels,
	openChannel,
	type ShownChannel,
} from "./channel/manageChannels.js";
export type { ChannelOptions } from "./channel/payByChannel.js";
export { createPayingFetch, type PayingFetchOptions } from "./createPayingFetch.js";
export { type FetchReceipt, fetchReceipt, type SignedReceipt } from "./fetchReceipt.js";
export { type BuyKey, createKey, type KeyState, newKey, readKey, topUpKey } from "./keys.js";
export { offeredWei } from "./offeredWei.js";
export { type PayingAccount, type TypedDataToSign, walletAccount } from "./payingAccount.js";
export { verifyReceiptSignature } from "./verifyReceiptSignature.js";
