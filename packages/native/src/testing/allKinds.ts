// For tests only: an arena of WebAssembly's kernels, and over the same memory the native ones of every instruction set and number of threads.
import { createKernels, type Kernels } from "@openledger/tensor";
import { type Arena, createArena, testKernels } from "../../../tensor/src/kernels/testing.js";
import { nativeForTests } from "../testing.js";

export interface Kind {
	readonly name: string;
	readonly kernels: Kernels;
}

/** No kinds where native kernels cannot be had; a skipped test says why. */
export async function allKinds(megabytes: number): Promise<{ readonly arena: Arena; readonly kinds: readonly Kind[] }> {
	let memory: WebAssembly.Memory | undefined;
	testKernels((made) => {
		memory = made;
		return createKernels(made);
	});
	const arena = createArena(megabytes);
	const kinds: Kind[] = [];
	for (const set of ["avx512", "avx2"]) {
		const native = await nativeForTests(set);
		if (native === undefined) continue;
		for (const threads of [1, 2, 3, 4])
			kinds.push({ name: `${set}, ${threads} threads`, kernels: native.source(memory!, threads).kernels });
	}
	return { arena, kinds };
}
