// What a payer must not forget of its channels: what is in them, what was charged, what was signed. In memory, or as files that
// outlive the process. It must not know requests.

import type { Hex } from "@openledger/protocol";
import type { ChannelConfig } from "@x402/evm";

/** One channel as its payer knows it; amounts in wei as decimals. */
export type ChannelState = {
	readonly channelId: Hex;
	/** CAIP-2 name of the chain. */
	readonly network: string;
	/** Origin of the server that it pays. */
	readonly url: string;
	readonly config: ChannelConfig;
	/** Deposited and not returned. */
	readonly balanceWei: string;
	readonly chargedWei: string;
	/** The highest total that was ever signed: the most that can ever be charged. */
	readonly signedWei: string;
	/** Payments whose outcome is not known, oldest first: the same request is sent with the same header again. */
	readonly open?: readonly { readonly digest: Hex; readonly header: string }[];
};

/** Every promise resolves only when the change is durable. Ids are in lower case. */
export type ChannelStore = {
	get(channelId: Hex): Promise<ChannelState | undefined>;
	set(state: ChannelState): Promise<void>;
	delete(channelId: Hex): Promise<void>;
	list(): Promise<readonly ChannelState[]>;
};

/** Channels remembered as long as the process lives; a later one learns of them from the server, by its own signatures. */
export function memoryChannelStore(): ChannelStore {
	const states = new Map<Hex, ChannelState>();
	return {
		get: async (id) => states.get(id),
		set: async (state) => {
			states.set(state.channelId, state);
		},
		delete: async (id) => {
			states.delete(id);
		},
		list: async () => [...states.values()],
	};
}

/**
 * Channels in a folder, one file each, readable by their owner alone; written whole or not at all. One process at a time may
 * use a folder.
 */
export function openFileChannelStore(folder: string): ChannelStore {
	// Asked for when it is used: this module is imported by browsers too.
	const files = () => import("node:fs/promises");
	const fileOf = (id: Hex) => `${folder}/${id.toLowerCase().replace(/[^0-9a-fx]/g, "")}.json`;
	const read = async (file: string): Promise<ChannelState | undefined> => {
		const { readFile } = await files();
		try {
			return JSON.parse(await readFile(file, "utf8")) as ChannelState;
		} catch (error) {
			if ((error as { code?: unknown }).code === "ENOENT") return undefined;
			throw error;
		}
	};
	return {
		get: (id) => read(fileOf(id)),
		async set(state) {
			const { mkdir, open, rename } = await files();
			await mkdir(folder, { recursive: true, mode: 0o700 });
			const file = fileOf(state.channelId);
			const beside = `${file}.new`;
			const handle = await open(beside, "w", 0o600);
			try {
				await handle.writeFile(`${JSON.stringify(state)}\n`);
				await handle.sync();
			} finally {
				await handle.close();
			}
			await rename(beside, file);
		},
		async delete(id) {
			const { rm } = await files();
			await rm(fileOf(id), { force: true });
		},
		async list() {
			const { readdir } = await files();
			const names = await readdir(folder).catch(() => [] as string[]);
			const states: ChannelState[] = [];
			for (const name of names.filter((it) => it.endsWith(".json")).sort()) {
				const state = await read(`${folder}/${name}`);
				if (state !== undefined) states.push(state);
			}
			return states;
		},
	};
}
