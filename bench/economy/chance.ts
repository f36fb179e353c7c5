// Chance that is the same for the same seed, for what the agents do. What the chain draws is the chain's.
import { createHash } from "node:crypto";

export type Chance = {
	/** A number from 0 up to 1, named by what it is for. */
	of(...what: readonly (string | number | bigint)[]): number;
};

export function openChance(seed: number): Chance {
	return {
		of(...what) {
			const digest = createHash("sha256")
				.update([seed, ...what].join("/"))
				.digest();
			return digest.readUInt32BE(0) / 2 ** 32;
		},
	};
}
