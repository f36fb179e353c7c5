// Ids that a kernel reads rows by: a kernel does not check them, and one out of range would read other memory.

import { TensorError } from "../errors.js";

/** Throws TensorError "range" unless the `count` i32 at `address` lie in [0, rows). */
export function requireIds(op: string, memory: WebAssembly.Memory, address: number, count: number, rows: number): void {
	const ids = new Int32Array(memory.buffer, address, count);
	for (let i = 0; i < count; i++) {
		const id = ids[i]!;
		if (id < 0 || id >= rows)
			throw new TensorError("range", `${op}: id ${id} at ${i} is out of range; ids are 0 to ${rows - 1}`);
	}
}
