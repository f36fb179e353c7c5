// Does this machine compute the same bits as all others? Hashes over every kernel's numbers, training steps and generations, against the
// golden ones. Equal hashes on two machines mean equal engines. Runs in Node and in browsers; reads no file.

import { createMachine, type KernelSource, type Machine } from "@openledger/tensor";
import { type Digest, sha256 } from "../digest.js";
import { engineId } from "../engineId.js";
import { GOLDEN, GOLDEN_PARTS } from "./golden.js";
import { int8 } from "./int8.js";
import { model } from "./model.js";
import { operations } from "./operations.js";
import { serving } from "./serving.js";
import { sharedWork } from "./sharedWork.js";

export interface SelftestOptions {
	/** Threads that share the work, also where there are fewer cores; default 1. Waits until all of them are up. */
	readonly threads?: number;
	/** Other kernels, for instance the native twin; default the WebAssembly module. */
	readonly kernels?: KernelSource;
}

export type SelftestPartName = keyof typeof GOLDEN_PARTS;

export interface SelftestPart {
	readonly name: SelftestPartName;
	readonly hash: Digest;
	readonly golden: Digest;
	readonly ok: boolean;
}

export interface SelftestResult {
	readonly engineId: Digest;
	/** Of the first parts, `operations` and `model`; what came later stands in `parts` alone. */
	readonly hash: Digest;
	readonly golden: Digest;
	/** Whether `hash` and every part are golden. */
	readonly ok: boolean;
	/** Threads that took part; 1 where the host cannot share memory among threads, or could not start them. */
	readonly threads: number;
	readonly parts: readonly SelftestPart[];
}

/** Each part's numbers, in the order of their hashes. */
const PARTS: Readonly<Record<SelftestPartName, (machine: Machine) => readonly Uint8Array[]>> = {
	operations,
	model,
	sharedWork,
	int8,
	serving,
};
const WAITS = 5000;

/** Runs every part on one machine; takes about a second. */
export async function engineSelftest(options: SelftestOptions = {}): Promise<SelftestResult> {
	const machine = createMachine({ ...options, beyondCores: true });
	try {
		const threads = (await started(machine)) ? machine.threads : 1;
		const bytes = Object.entries(PARTS).map(([name, run]) => [name as SelftestPartName, run(machine)] as const);
		const parts = bytes.map(([name, values]) => {
			const [hash, golden] = [sha256(...values), GOLDEN_PARTS[name]];
			return { name, hash, golden, ok: hash === golden };
		});
		const first = bytes.filter(([name]) => name === "operations" || name === "model");
		const hash = sha256(...first.flatMap(([, values]) => values));
		const ok = hash === GOLDEN && parts.every((part) => part.ok);
		return { engineId: engineId(), hash, golden: GOLDEN, ok, threads, parts };
	} finally {
		machine.close();
	}
}

/** Until its threads are up a machine works alone, and would prove nothing about them. */
async function started(machine: Machine): Promise<boolean> {
	for (let i = 0; i < WAITS && !machine.ready(); i++) await new Promise((resolve) => setTimeout(resolve, 1));
	return machine.ready();
}
