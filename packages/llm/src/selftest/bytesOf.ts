// The bytes of numbers, as the self-test hashes them.

/** A view, not a copy; little-endian on every machine that WebAssembly runs on. */
export const bytesOf = (values: Float32Array): Uint8Array =>
	new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
