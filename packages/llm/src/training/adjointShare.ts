// Computes once what a graph says several times: derivatives of derivatives write out the same composition again and again. Values and bits
// stay; only the number of steps falls. It must not know what the graph is for.

import type { Tensor } from "@openledger/tensor";

/** JSON has no −0 and no infinities. */
const exact = (_key: string, value: unknown) =>
	typeof value === "number" && (Object.is(value, -0) || !Number.isFinite(value))
		? `number ${1 / value} ${value}`
		: value;

/** The same outputs, in which nodes of one operation, inputs, shape and attributes are one node: the one that was made first. */
export function shareCommon<Names extends string>(outputs: Readonly<Record<Names, Tensor>>): Record<Names, Tensor> {
	const names = Object.keys(outputs) as Names[];
	const seen = new Set<Tensor>(names.map((name) => outputs[name]));
	for (const n of seen) for (const i of n.inputs) seen.add(i);
	const operations = new Map<Tensor["op"], number>();
	const byMeaning = new Map<string, Tensor>();
	const kept = new Map<Tensor, Tensor>();
	for (const n of [...seen].sort((a, b) => a.serial - b.serial)) {
		if (!operations.has(n.op)) operations.set(n.op, operations.size);
		const inputs = n.inputs.map((i) => kept.get(i)!);
		const meaning = JSON.stringify(
			[operations.get(n.op), inputs.map((i) => i.serial), n.shape, n.dtype, n.attributes],
			exact,
		);
		const known = byMeaning.get(meaning);
		const own = known ?? (inputs.every((i, at) => i === n.inputs[at]) ? n : { ...n, inputs });
		if (known === undefined) byMeaning.set(meaning, own);
		kept.set(n, own);
	}
	return Object.fromEntries(names.map((name) => [name, kept.get(outputs[name])!])) as Record<Names, Tensor>;
}
