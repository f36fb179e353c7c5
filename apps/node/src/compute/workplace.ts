// Where a trainer or a verifier works: its folder, its account, the chain, the data layer, an engine with a base. One process a folder.

import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Addresses, connect, type Ledger } from "@openledger/chain";
import { readIfThere, writeDurably } from "@openledger/factory";
import { createEngine, type Engine, loadBase } from "@openledger/llm";
import { bytesToHex, type Hex, utf8 } from "@openledger/protocol";
import { type DataLayer, dataClient, localData, openDataStore } from "@openledger/rollup";
import { createMachine } from "@openledger/tensor";
import type { LocalAccount } from "viem";
import { lockHome } from "../home/lock.js";
import { useNative } from "../native/useNative.js";

export type WorkplaceOptions = {
	/** Folder of this daemon alone. */
	readonly home: string;
	readonly account: LocalAccount;
	readonly rpcUrl: string;
	readonly chainId: number;
	readonly addresses: Addresses;
	/** The data layer: an address beginning with http, or a folder that the others see too. */
	readonly data: string;
	/** Folder of the base model. */
	readonly baseFolder: string;
	readonly threads?: number;
	readonly nativeFolder?: string | undefined;
	/** Told what happens, a line at a time; never a secret. */
	readonly log?: (line: string) => void;
	/** Ends the work at the next safe point. */
	readonly signal: AbortSignal;
};

export type Workplace = {
	readonly home: string;
	readonly account: LocalAccount;
	readonly ledger: Ledger;
	readonly data: DataLayer;
	readonly engine: Engine;
	/** 32 bytes that nobody else knows; always the same for the same folder. */
	readonly secret: Hex;
	readonly log: (line: string) => void;
	readonly signal: AbortSignal;
	close(): Promise<void>;
};

/** Opens a folder, or makes it. Throws `home/locked` where another process works there, and the rooms' own errors. */
export async function openWorkplace(options: WorkplaceOptions): Promise<Workplace> {
	const { home, account, rpcUrl, chainId, addresses, data, baseFolder, signal, log = () => {} } = options;
	mkdirSync(home, { recursive: true, mode: 0o700 });
	const lock = lockHome(home);
	try {
		const [client, base, secret] = await Promise.all([
			connect({ url: rpcUrl, chainId }),
			loadBase(baseFolder),
			ownSecret(join(home, "secret")),
		]);
		const native = useNative(options.nativeFolder, log);
		const { kernels } = native;
		const machine = createMachine({ threads: options.threads ?? 1, ...(kernels && { kernels }) });
		return {
			...{ home, account, log, signal, secret },
			ledger: { client, addresses },
			data: openData(data),
			engine: createEngine(base, machine),
			async close() {
				machine.close();
				await native.close();
				lock.release();
			},
		};
	} catch (error) {
		lock.release();
		throw error;
	}
}

/** The data layer behind an address, or in a folder on this machine. */
export function openData(where: string): DataLayer {
	return /^https?:\/\//.test(where) ? dataClient(where) : localData(openDataStore(where));
}

async function ownSecret(file: string): Promise<Hex> {
	const known = await readIfThere(file);
	if (known !== undefined) return new TextDecoder().decode(known) as Hex;
	const made = bytesToHex(randomBytes(32));
	await writeDurably(file, utf8(made));
	return made;
}
