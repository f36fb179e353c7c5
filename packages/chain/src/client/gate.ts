// What is asked of a chain while it is started again waits, for a while, and what was under way when it went is asked once more. Asking twice
// does no harm: a signed transaction stands in one block at most. It must not know who starts the chain.
import { TransientError } from "@openledger/protocol";
import type { EIP1193RequestFn, Transport } from "viem";
import { isSilent } from "../errors.js";

export type Gate = {
	/** Where the chain is. Another place after each start: nobody's late question reaches a chain that is not whole yet. */
	url(): string;
	/** Nobody passes until it is opened. */
	close(): void;
	open(url: string): void;
	/** Nobody passes any more. */
	shut(error: Error): void;
	/** Resolves when the chain can be asked; rejects with `chain/restarting` where that takes long. */
	pass(): Promise<void>;
	/**
	 * Whether silence came of the end of the chain that was there: who waits for its answer may learn of it before whoever watches the chain
	 * does, or after it was started again.
	 */
	hasEnded(at: string): Promise<boolean>;
};

const WAIT_MS = 10_000;
const SOON_MS = 500;

export function createGate(first: string, { waitMs = WAIT_MS } = {}): Gate {
	let url = first;
	let opened: Promise<void> | undefined;
	let open = () => {};
	let gone: Error | undefined;
	return {
		close() {
			opened ??= new Promise((resolve) => {
				open = resolve;
			});
		},
		url: () => url,
		open(at) {
			url = at;
			opened = undefined;
			open();
		},
		shut(error) {
			gone = error;
			open();
		},
		async pass() {
			if (gone === undefined && opened !== undefined && !(await within(opened, waitMs)))
				throw new TransientError("the chain is being started again; ask again in a few seconds", {
					code: "chain/restarting",
				});
			if (gone !== undefined) throw gone;
		},
		async hasEnded(at) {
			const isThere = () => opened === undefined && gone === undefined && url === at;
			for (let waited = 0; isThere() && waited < SOON_MS; waited += 20)
				await new Promise((resolve) => setTimeout(resolve, 20));
			return !isThere();
		},
	};
}

type Ask = (...args: unknown[]) => Promise<unknown>;

/** A transport behind a gate, to wherever the chain is. */
export function gated(make: (url: string) => Transport, gate: Gate): Transport {
	return ((options) => {
		let at = gate.url();
		let transport = make(at)(options);
		const ask: Ask = async (...args) => {
			await gate.pass();
			if (at !== gate.url()) {
				at = gate.url();
				transport = make(at)(options);
			}
			return await (transport.request as Ask)(...args);
		};
		const request: Ask = async (...args) => {
			const asked = gate.url();
			try {
				return await ask(...args);
			} catch (error) {
				if (!isSilent(error) || !(await gate.hasEnded(asked))) throw error;
				return await ask(...args);
			}
		};
		return { ...transport, request: request as EIP1193RequestFn };
	}) as Transport;
}

async function within(work: Promise<void>, ms: number): Promise<boolean> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<false>((resolve) => {
		timer = setTimeout(() => resolve(false), ms);
	});
	try {
		return await Promise.race([work.then(() => true as const), late]);
	} finally {
		clearTimeout(timer);
	}
}
