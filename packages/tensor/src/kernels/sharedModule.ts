// The same kernels for a memory that threads share: only the memory's declaration in the import section differs, not one instruction,
// so the digest of the plain module still names the code. Format: WebAssembly core specification, binary import section.

const PLAIN = [0x02, 0x0f, 0x01, 0x03, 0x65, 0x6e, 0x76, 0x06, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 0x02, 0x00, 0x01];
/** Limits 0x03: shared, with a maximum; 65,536 pages in LEB128. */
const SHARED = [...PLAIN.slice(0, 1), 0x12, ...PLAIN.slice(2, 15), 0x03, 0x01, 0x80, 0x80, 0x04];

/** Pages that a shared memory for these kernels must declare as its maximum, at most. */
export const SHARED_MAXIMUM_PAGES = 65536;

/** Rewrites `(import "env" "memory" (memory 1))` to `(memory 1 65536 shared)`. Throws if the module's import is another. */
export function sharedModuleBytes(plain: Uint8Array): Uint8Array {
	let at = 8;
	while (plain[at] !== 2) {
		let length = 0;
		let shift = 0;
		let byte: number;
		at++;
		do {
			byte = plain[at++]!;
			length |= (byte & 127) << shift;
			shift += 7;
		} while (byte & 128);
		at += length;
		if (at >= plain.length) throw new Error("sharedModuleBytes: the module imports nothing");
	}
	if (!PLAIN.every((byte, i) => plain[at + i] === byte)) {
		throw new Error("sharedModuleBytes: the module must import env.memory alone, with limits {min 1}");
	}
	const out = new Uint8Array(plain.length + SHARED.length - PLAIN.length);
	out.set(plain.subarray(0, at));
	out.set(SHARED, at);
	out.set(plain.subarray(at + PLAIN.length), at + SHARED.length);
	return out;
}
