// The hashes that every machine must reproduce. They may change only together with OPERATIONS_VERSION or an op's definition; take new
// values from `openledger engine selftest --json` after the kernel twins have confirmed the new bits.

import type { Digest } from "../digest.js";

/** Over the bytes of `operations` and `model`, one after the other: the first hash this engine had. */
export const GOLDEN: Digest = "0xb3ca26808768d740a7d6050b1eafb4db72d139eefb67c264194d62d88405c002";

/** Over the bytes of each part alone. A part that is added later brings its own line and leaves the others as they are. */
export const GOLDEN_PARTS = {
	operations: "0x8a996066f6708fec2aa5de261ccbc952e90cd02d917dc19b816bd6b2448f92cc",
	model: "0x386dfc2c33f21d3ab55b06fb72c63e061fd7769c862d67087c5caf9b56d94d49",
	sharedWork: "0xa12781779b173f32a965b011dcc66e18dbd716c43106ed7d0330441286a0659d",
	int8: "0x8aac93b64e038a6b87f6efbab64deecc4992e4edb891b1df052fb4a84734f8ee",
	serving: "0x6db21755e9b7d0cbc0bdc64b9e198e7c9ec89a16f76d1e2872d1d56defcc4df5",
} as const satisfies Record<string, Digest>;
