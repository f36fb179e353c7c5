// A local chain ready for use: process, journal and connection, brought back to where the journal says it was.
// It must not know of contracts.
import { join } from "node:path";
import { type Anvil, type StartAnvilOptions, startAnvil } from "./anvil/startAnvil.js";
import { type ChainClient, connect } from "./client/connect.js";
import { openTxJournal, type TxJournal } from "./journal/openTxJournal.js";
import { type Recovery, recoverChain } from "./journal/recoverChain.js";

export type LocalChain = {
	readonly anvil: Anvil;
	readonly client: ChainClient;
	readonly journal: TxJournal;
	readonly recovery: Recovery;
	/** Ends the process and closes the journal. */
	stop(): Promise<void>;
};

/** Starts (or starts again) the chain of a folder; after this, nothing that was ever sent is missing. */
export async function openLocalChain(options: StartAnvilOptions): Promise<LocalChain> {
	const anvil = await startAnvil(options);
	let journal: TxJournal | undefined;
	try {
		journal = openTxJournal(join(options.home, "transactions.jsonl"));
		const opened = journal;
		const client = await connect({ url: anvil.url, chainId: anvil.chainId, journal });
		const recovery = await recoverChain(client, journal);
		const stop = async () => {
			await anvil.stop();
			opened.close();
		};
		return { anvil, client, journal, recovery, stop };
	} catch (error) {
		await anvil.stop();
		journal?.close();
		throw error;
	}
}
