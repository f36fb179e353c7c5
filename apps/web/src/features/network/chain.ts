// The chain as this page reads it: straight through the node's RPC, so that what is shown of blocks and transactions is the chain's own word.
// Calls that come together go in one request.

import { createPublicClient, http, type PublicClient } from "viem";

const PER_REQUEST = 50;

export const chain: PublicClient = createPublicClient({
	transport: http(`${location.origin}/rpc`, { batch: { batchSize: PER_REQUEST }, retryCount: 1 }),
	pollingInterval: 2000,
	cacheTime: 0,
});
