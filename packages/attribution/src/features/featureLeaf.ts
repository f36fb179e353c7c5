// The Merkle leaf of one row's feature. It must not know the tree.

import { concatBytes, type Hex, keccak256, uint32, utf8 } from "@openledger/protocol";
import { FeatureError } from "./errors.js";
import { checkFeatureNumbers, checkFeatureWidth, type FeatureRows, featureNumbers } from "./featureRows.js";

/** What every leaf's text begins with. No inner node's text does: those are two digests. */
export const FEATURE_LEAF_TAG: Uint8Array = utf8("openledger/feature/v2");

/**
 * keccak256("openledger/feature/v2" ‖ row u32 ‖ scale u16 ‖ numbers int8), integers big-endian: what a verifier computes from a row that was
 * opened to it. Throws `protocol/bad-number` where the row does not fit, `features/bad-number` where scale or numbers do not, `features/bad-shape`.
 */
export function featureLeafOf(row: number, scale: number, numbers: Int8Array): Hex {
	checkFeatureWidth(numbers.length);
	checkFeatureNumbers(numbers, `row ${row}`);
	const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
	return keccak256(concatBytes(FEATURE_LEAF_TAG, uint32(row), uint16(scale), bytes));
}

/** The leaf of one of the rows; throws `features/no-such-row`. */
export function featureRowLeaf(features: FeatureRows, row: number): Hex {
	const numbers = featureNumbers(features, row);
	return featureLeafOf(row, features.scales[row]!, numbers);
}

function uint16(value: number): Uint8Array {
	if (!Number.isInteger(value) || value < 0 || value > 65535)
		throw new FeatureError("features/bad-number", `the scale ${value} is not a whole number from 0 to 65535`);
	return Uint8Array.of(value >> 8, value);
}
