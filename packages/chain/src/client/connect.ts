// A connection to one chain: reads, and signed transactions that are journalled before they are sent.
// It must not know which contracts are there.
import {
	type Address,
	type Chain,
	createPublicClient,
	defineChain,
	http,
	type PublicClient,
	type Transport,
} from "viem";
import { unreachable, wrongChain } from "../errors.js";
import { journalledTransport } from "../journal/journalledTransport.js";
import type { TxJournal } from "../journal/openTxJournal.js";
import { type Gate, gated } from "./gate.js";

/** Chain id of a local OpenLedger chain; CAIP-2 `eip155:612055`. */
export const LOCAL_CHAIN_ID = 612055;

/** Calls in one request at most. */
const BATCH = 100;

export type ConnectOptions = {
	readonly url: string;
	readonly chainId: number;
	/** Where transactions are written before they are sent; leave out to read only or where the chain never forgets. */
	readonly journal?: TxJournal;
	/** Holds requests back while the chain is started again. */
	readonly gate?: Gate | undefined;
};

export type ChainClient = {
	/** Another one after the chain was started again. */
	readonly url: string;
	readonly chainId: number;
	readonly publicClient: PublicClient<Transport, Chain>;
	/** The same chain for who reads much at once: what is asked in one turn goes in one request. Reads only, past the journal. */
	readonly listClient?: PublicClient<Transport, Chain> | undefined;
	/** Last send of each account: an account's transactions are numbered and sent one after another. */
	readonly sends: Map<Address, Promise<unknown>>;
	/** The number that each account's next transaction has, as far as this process sent some. */
	readonly numbers: Map<Address, number>;
	/** Where what is sent is written down first. */
	readonly journal?: TxJournal | undefined;
};

/** Connects; throws `chain/wrong-chain` if the URL serves another chain and `chain/unreachable` if nobody answers. */
export async function connect({ url, chainId, journal, gate }: ConnectOptions): Promise<ChainClient> {
	const chain = defineChain({
		id: chainId,
		name: "OpenLedger",
		nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
		rpcUrls: { default: { http: [url] } },
	});
	const calls = { retryCount: 2, retryDelay: 50, timeout: 30_000 } as const;
	const held = (make: (url: string) => Transport) => (gate === undefined ? make(url) : gated(make, gate));
	const plain = held((at) => http(at, calls));
	const publicClient = createPublicClient({
		chain,
		transport: journal === undefined ? plain : journalledTransport(plain, journal),
		pollingInterval: 100,
		// A block may come with every transaction: nothing about the chain may be remembered from the last one.
		cacheTime: 0,
	});
	const listClient = createPublicClient({
		chain,
		transport: held((at) => http(at, { ...calls, batch: { batchSize: BATCH } })),
		cacheTime: 0,
	});
	let actual: number;
	try {
		actual = await publicClient.getChainId();
	} catch (cause) {
		throw unreachable(url, cause);
	}
	if (actual !== chainId) throw wrongChain(url, chainId, actual);
	return {
		get url() {
			return gate?.url() ?? url;
		},
		chainId,
		publicClient,
		listClient,
		sends: new Map(),
		numbers: new Map(),
		journal,
	};
}
