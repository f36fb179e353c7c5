// What the node's verbs work on: the opened rooms, put together once in openNode.ts. It must not know any verb.

import type { Ledger } from "@openledger/chain";
import type { openBlobStore, RecordStore } from "@openledger/datanet";
import type { Engine } from "@openledger/llm";
import type { CanonicalBackend } from "@openledger/openlora";
import type { Hex } from "@openledger/protocol";
import type { DataLayer, DataStore } from "@openledger/rollup";
import type { Database } from "./database/openDatabase.js";
import type { Heavy } from "./heavy.js";
import type { Keystore } from "./home/keystore.js";
import type { Curves } from "./model/openCurves.js";
import type { ModelShelf } from "./model/openModelShelf.js";
import type { PaymentMethods } from "./payment/index.js";
import type { SpanShelf } from "./spans/openSpanShelf.js";
import type { Turns } from "./turns.js";

export type NodeParts = {
	readonly home: string;
	/** Folder of the base model. */
	readonly baseFolder: string;
	readonly chainId: number;
	readonly keys: Keystore;
	readonly db: Database;
	readonly ledger: Ledger;
	readonly engine: Engine;
	readonly engineId: Hex;
	readonly blobs: ReturnType<typeof openBlobStore>;
	/** The keys of rows, one each. */
	readonly records: RecordStore;
	/** Where epochs' data goes: the store below, or a data layer elsewhere. */
	readonly data: DataLayer;
	/** What this node keeps for others to read. */
	readonly dataStore: DataStore;
	readonly backend: CanonicalBackend;
	readonly shelf: ModelShelf;
	/** Losses of runs under way. */
	readonly curves: Curves;
	readonly spans: SpanShelf;
	readonly payments: PaymentMethods;
	/** Whether answers are given before their receipts are made. */
	readonly deferReceipts: boolean;
	readonly turns: Turns;
	readonly heavy: Heavy;
	readonly log: (line: string) => void;
	/** Fires when the node closes; long work stops at the next safe point. */
	readonly closing: AbortSignal;
};
