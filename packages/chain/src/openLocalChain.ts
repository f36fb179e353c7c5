// A local chain ready for use: process, journal and connection, brought back to where the journal says it was, also where the process ends
// while it is used. It must not know of contracts.
import { join } from "node:path";
import { TransientError } from "@openledger/protocol";
import { type Anvil, type StartAnvilOptions, startAnvil } from "./anvil/startAnvil.js";
import { type ChainClient, connect } from "./client/connect.js";
import { createGate } from "./client/gate.js";
import { openTxJournal, type TxJournal } from "./journal/openTxJournal.js";
import { type Recovery, recoverChain } from "./journal/recoverChain.js";

export type LocalChain = {
	/** The process that runs now. */
	readonly anvil: Anvil;
	readonly client: ChainClient;
	readonly journal: TxJournal;
	readonly recovery: Recovery;
	/** Resolves when the chain ended and will not be there again. */
	readonly failed: Promise<Error>;
	/** Ends the process and closes the journal. */
	stop(): Promise<void>;
};

export type OpenLocalChain = StartAnvilOptions & {
	/** Starts the process again where it ends by itself, and puts back what it had not kept; whoever asks meanwhile waits. */
	readonly keepUp?: boolean;
};

/** A chain that ends more often than this in a minute, or before it is whole, is left alone: something is wrong that another start does not mend. */
const MOST_ENDS = 4;
const MINUTE_MS = 60_000;

/** Starts (or starts again) the chain of a folder; after this, nothing that was ever sent is missing. */
export async function openLocalChain({ keepUp = false, ...options }: OpenLocalChain): Promise<LocalChain> {
	const { log = () => {} } = options;
	let anvil = await startAnvil(options);
	let journal: TxJournal | undefined;
	const gate = createGate(anvil.url);
	let isStopping = false;
	let reviving: Promise<void> = Promise.resolve();
	let fail: (error: Error) => void = () => {};
	const failed = new Promise<Error>((resolve) => {
		fail = resolve;
	});
	const ends: number[] = [];

	async function revive(of: TxJournal): Promise<void> {
		for (let starts = 0; ; starts++) {
			const now = performance.now();
			ends.push(now);
			const recent = ends.filter((at) => now - at < MINUTE_MS).length;
			if (recent > MOST_ENDS || starts >= MOST_ENDS) {
				const often = recent > MOST_ENDS ? `${recent} times in a minute` : `${starts} times before it was whole again`;
				throw new TransientError(`the chain process ended ${often}; look at its folder, then start again`, {
					code: "chain/ended",
				});
			}
			log("the chain process ended by itself; it is started again");
			anvil = await startAnvil(options);
			try {
				// Past the gate, at which everybody else waits.
				const client = await connect({ url: anvil.url, chainId: anvil.chainId, journal: of });
				const { replayed } = await recoverChain(client, of);
				log(`the chain is back; ${replayed} transactions that it had not kept were put back`);
				return;
			} catch (error) {
				if (await isAlive(anvil)) {
					await anvil.stop();
					throw error;
				}
			}
		}
	}

	function watch(of: TxJournal): void {
		void anvil.exited.then(() => {
			if (isStopping) return;
			gate.close();
			reviving = revive(of).then(
				() => {
					if (isStopping) return;
					gate.open(anvil.url);
					watch(of);
				},
				(cause: unknown) => {
					if (isStopping) return;
					const why = cause instanceof Error ? cause.message : String(cause);
					const error = new TransientError(`the chain ended and could not be started again: ${why}`, {
						code: "chain/ended",
						cause,
					});
					gate.shut(error);
					fail(error);
				},
			);
		});
	}

	try {
		journal = openTxJournal(join(options.home, "transactions.jsonl"));
		const opened = journal;
		const client = await connect({ url: anvil.url, chainId: anvil.chainId, journal, gate });
		const recovery = await recoverChain(client, journal);
		if (keepUp) watch(opened);
		const stop = async () => {
			isStopping = true;
			// Whoever waits for it to come back need not wait any longer.
			gate.shut(new TransientError("the chain was stopped", { code: "chain/ended" }));
			await reviving;
			await anvil.stop();
			opened.close();
		};
		return {
			get anvil() {
				return anvil;
			},
			...{ client, journal, recovery, failed, stop },
		};
	} catch (error) {
		await anvil.stop();
		journal?.close();
		throw error;
	}
}

/** Whether a process still runs that somebody just asked something of; one that was killed is known to be so a moment later. */
async function isAlive({ exited }: Anvil): Promise<boolean> {
	const ended = exited.then(() => false as const);
	return await Promise.race([ended, new Promise<true>((resolve) => setTimeout(() => resolve(true), 200))]);
}
