// How the ids on chain follow from what they name: the twin of Ids.sol. Each holds its author's address, so nobody can
// take another's id first. It must not know what is registered.
import { type Address, encodeAbiParameters, type Hex, keccak256, parseAbiParameters } from "viem";
import { utf8 } from "./bytes.js";
import { checkAddress, checkCount, checkDigest } from "./checks.js";

const DATANET = parseAbiParameters("address owner, string name");
const CONTRIBUTION = parseAbiParameters("bytes32 datanetId, address contributor, bytes32 rowsRoot");
const MODEL = parseAbiParameters("address owner, string name, uint32 version");
const PAYMENT_NONCE = parseAbiParameters("bytes32 account, bytes32 requestId");
const BASE = parseAbiParameters("bytes32 baseDigest, bytes32 engineId");

/** keccak256(abi.encode(owner, name)); throws `protocol/bad-address`, `protocol/bad-text`. */
export function datanetId(owner: Address, name: string): Hex {
	return keccak256(encodeAbiParameters(DATANET, [checkAddress(owner, "owner"), checkText(name)]));
}

/** keccak256(abi.encode(datanetId, contributor, rowsRoot)). */
export function contributionId(datanet: Hex, contributor: Address, rowsRoot: Hex): Hex {
	const values = [checkDigest(datanet, "datanetId"), checkAddress(contributor, "contributor")] as const;
	return keccak256(encodeAbiParameters(CONTRIBUTION, [...values, checkDigest(rowsRoot, "rowsRoot")]));
}

/** keccak256(abi.encode(owner, name, version)). */
export function modelId(owner: Address, name: string, version: number): Hex {
	const values = [checkAddress(owner, "owner"), checkText(name), checkCount(version, "version")] as const;
	return keccak256(encodeAbiParameters(MODEL, values));
}

/**
 * keccak256(abi.encode(bytes32 account, bytes32 requestId)): the payment nonce of an answer that a channel or a prepaid
 * key paid; `account` is the channel's id or the key's.
 */
export function paymentNonceOf(account: Hex, requestId: Hex): Hex {
	const values = [checkDigest(account, "channel or key id"), checkDigest(requestId, "requestId")] as const;
	return keccak256(encodeAbiParameters(PAYMENT_NONCE, values));
}

/** keccak256(abi.encode(baseDigest, engineId)). */
export function baseId(baseDigest: Hex, engineId: Hex): Hex {
	const values = [checkDigest(baseDigest, "baseDigest"), checkDigest(engineId, "engineId")] as const;
	return keccak256(encodeAbiParameters(BASE, values));
}

function checkText(text: string): string {
	utf8(text);
	return text;
}
