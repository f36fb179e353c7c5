// What a digest, an address, a count and an amount must look like. It must not know the records that hold them.
import { type Address, type Hex, isAddress } from "viem";
import { CallerError } from "./errors.js";

const DIGEST = /^0x[0-9a-f]{64}$/;
const MAX_UINT256 = (1n << 256n) - 1n;

/** 32 zero bytes: the root of an empty tree. */
export const ZERO_DIGEST: Hex = `0x${"0".repeat(64)}`;

/** Returns `value` if it is 32 bytes of lower-case `0x` hex; throws `protocol/bad-digest`. */
export function checkDigest(value: Hex, name: string): Hex {
	if (typeof value === "string" && DIGEST.test(value)) return value;
	throw new CallerError(`${name} is not a digest; it must be 0x followed by 64 lower-case hex digits`, {
		code: "protocol/bad-digest",
		details: { name },
	});
}

/** Returns the address in lower case; throws `protocol/bad-address`, also when a mixed-case checksum is wrong. */
export function checkAddress(value: Address, name: string): Address {
	if (typeof value === "string" && isAddress(value)) return value.toLowerCase() as Address;
	throw new CallerError(
		`${name} is not an address; it must be 0x followed by 40 hex digits, with a right checksum if the case is mixed`,
		{ code: "protocol/bad-address", details: { name } },
	);
}

/** Returns `value` if it is an integer from 0 to `max` (default 2³²−1); throws `protocol/bad-number`. */
export function checkCount(value: number, name: string, max = 0xffff_ffff): number {
	if (Number.isSafeInteger(value) && value >= 0 && value <= max) return value;
	throw new CallerError(`${name} is ${value}; it must be an integer from 0 to ${max}`, {
		code: "protocol/bad-number",
		details: { name },
	});
}

/** Returns `value` if it is a bigint from 0 to `max` (default 2²⁵⁶−1); throws `protocol/bad-amount`. */
export function checkAmount(value: bigint, name: string, max = MAX_UINT256): bigint {
	if (typeof value === "bigint" && value >= 0n && value <= max) return value;
	throw new CallerError(`${name} is ${value}; it must be a bigint from 0 to ${max}`, {
		code: "protocol/bad-amount",
		details: { name },
	});
}
