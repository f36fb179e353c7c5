// Writes the safetensors container so that equal content gives equal bytes.

import { floatToHalf } from "./float16.js";
import { type TensorMap, WIDTH } from "./safetensors.js";

/** Writes tensors sorted by name, so equal content gives equal bytes. */
export function writeSafetensors(
	tensors: TensorMap,
	dtype: "F32" | "F16" = "F32",
	metadata: Record<string, string> = { format: "pt" },
): Uint8Array {
	const header: Record<string, unknown> = { __metadata__: metadata };
	const names = [...tensors.keys()].sort();
	let at = 0;
	for (const name of names) {
		const { shape, data } = tensors.get(name)!;
		header[name] = { dtype, shape, data_offsets: [at, at + data.length * WIDTH[dtype]] };
		at += data.length * WIDTH[dtype];
	}
	const text = JSON.stringify(header);
	const json = new TextEncoder().encode(text + " ".repeat((8 - (new TextEncoder().encode(text).length % 8)) % 8));
	const out = new Uint8Array(8 + json.length + at);
	const view = new DataView(out.buffer);
	view.setBigUint64(0, BigInt(json.length), true);
	out.set(json, 8);
	let to = 8 + json.length;
	for (const name of names) {
		for (const x of tensors.get(name)!.data) {
			if (dtype === "F32") view.setFloat32(to, x, true);
			else view.setUint16(to, floatToHalf(x), true);
			to += WIDTH[dtype];
		}
	}
	return out;
}
