// The space of a run's features as one safetensors file.

import type { FeatureSpace } from "@openledger/attribution";
import { readSafetensors, writeSafetensors } from "@openledger/llm";

/** Places fit f32 exactly below this. */
const MOST_PLACES = 2 ** 24;

/** The file's bytes; equal spaces give equal bytes. */
export function spaceBytes({ rotations, kept, inverseDeviations }: FeatureSpace): Uint8Array {
	const tensors = new Map<string, { shape: number[]; data: Float32Array }>();
	for (const { name, size, left, right } of rotations) {
		tensors.set(`left/${name}`, { shape: [size[0], left.length / size[0]], data: left });
		tensors.set(`right/${name}`, { shape: [right.length / size[1], size[1]], data: right });
	}
	tensors.set("kept", { shape: [kept.length], data: Float32Array.from(kept) });
	tensors.set("inverseDeviations", { shape: [inverseDeviations.length], data: inverseDeviations });
	const order = JSON.stringify(rotations.map(({ name }) => name));
	return writeSafetensors(tensors, "F32", { order });
}

/** Reads what `spaceBytes` wrote. Throws where the bytes are not a space. */
export function parseSpace(bytes: Uint8Array, file: string): FeatureSpace {
	const { tensors, metadata } = readSafetensors(bytes, file);
	const need = (name: string) => {
		const tensor = tensors.get(name);
		if (tensor === undefined) throw new RangeError(`${name} is missing`);
		return tensor;
	};
	const names = JSON.parse(metadata.order ?? "null") as unknown;
	if (!Array.isArray(names)) throw new RangeError("metadata.order must be the matrices' names");
	const rotations = names.map((name: unknown) => {
		const [left, right] = [need(`left/${name}`), need(`right/${name}`)];
		const size = [left.shape[0]!, right.shape[1]!] as const;
		return { name: String(name), size, left: left.data, right: right.data };
	});
	const places = rotations.reduce((sum, { size: [a, b] }) => sum + a * b, 0);
	const kept = Uint32Array.from(need("kept").data);
	if (places > MOST_PLACES || kept.some((place, i) => place >= places || (i > 0 && place <= kept[i - 1]!)))
		throw new RangeError("kept must be ascending places among the rotated numbers");
	const inverseDeviations = need("inverseDeviations").data;
	if (inverseDeviations.length !== kept.length)
		throw new RangeError("there must be one deviation for each kept number");
	return { rotations, kept, inverseDeviations };
}
