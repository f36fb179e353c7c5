// Compares native kernels with WebAssembly's, bit for bit, before any of them is used: a compiler that is wrong can never change a bit.
import { createKernels } from "@openledger/tensor";
import type { Addon, InstructionSet } from "./addon.js";
import { type Refusal, refused } from "./refusal.js";
import { type CheckCases, selfCheckCases } from "./selfCheckCases.js";

export interface SelfCheck {
	readonly ok: true;
	/** Kernels that were compared and agree, and the one that only measures; no others may be used. */
	readonly checked: ReadonlySet<string>;
	readonly calls: number;
}

/** All results one after the other: arrays as they stand in memory after the last call, numbers as returned. */
export type CheckResults = readonly Float32Array[];

/** Measures the machine; its number means nothing, and each side may choose the loop that is fastest for it. */
const NOT_COMPARED = "peak";
const PAGE = 65536;
const CHECK_THREADS = 2;

function collect(
	memory: ArrayBuffer,
	cases: CheckCases,
	run: (place: number) => number,
	only: ReadonlySet<string>,
): CheckResults {
	return cases.calls.map((call, i) => {
		if (!only.has(call.kernel)) return new Float32Array(0);
		const result = run(i);
		return call.count > 0 ? new Float32Array(memory.slice(call.at, call.at + 4 * call.count)) : Float32Array.of(result);
	});
}

/** What WebAssembly gives. */
export function expectedResults(cases: CheckCases, only: ReadonlySet<string>): CheckResults {
	const memory = new WebAssembly.Memory({ initial: cases.memory.length / PAGE });
	const kernels = createKernels(memory) as unknown as Record<string, (...args: readonly number[]) => number>;
	new Uint8Array(memory.buffer).subarray(PAGE).set(cases.memory.subarray(PAGE));
	return collect(
		memory.buffer as ArrayBuffer,
		cases,
		(i) => kernels[cases.calls[i]!.kernel]!(...cases.calls[i]!.args),
		only,
	);
}

/** What the addon gives. */
function nativeResults(addon: Addon, set: InstructionSet, cases: CheckCases, only: ReadonlySet<string>): CheckResults {
	const memory = cases.memory.slice().buffer;
	const args = new Float64Array(16);
	const call = addon.create(args, CHECK_THREADS, set.name);
	try {
		addon.attach(call, memory);
		return collect(
			memory,
			cases,
			(i) => {
				const { kernel, args: given } = cases.calls[i]!;
				args.set([set.kernels.indexOf(kernel), ...given]);
				call();
				return args[0]!;
			},
			only,
		);
	} finally {
		addon.close(call);
	}
}

/** The first kernel whose results differ, or undefined. NaN equals NaN. */
export function firstOther(cases: CheckCases, actual: CheckResults, expected: CheckResults): string | undefined {
	for (const [i, want] of expected.entries()) {
		const at = want.findIndex((x, j) => !Object.is(x, actual[i]?.[j]));
		if (at < 0) continue;
		const { kernel, args } = cases.calls[i]!;
		return `${kernel}(${args.join(", ")}): element ${at} is ${actual[i]?.[at]}, WebAssembly's ${want[at]}`;
	}
	return undefined;
}

/** Kernels that the set has and the cases try. */
export function comparable(set: InstructionSet, cases: CheckCases): ReadonlySet<string> {
	const tried = new Set(cases.calls.map(({ kernel }) => kernel));
	return new Set(set.kernels.filter((name): name is string => name !== null && tried.has(name)));
}

export function selfCheck(
	addon: Addon,
	set: InstructionSet,
	cases: CheckCases = selfCheckCases(),
): SelfCheck | Refusal {
	const checked = comparable(set, cases);
	let results: CheckResults;
	try {
		results = nativeResults(addon, set, cases, checked);
	} catch (cause) {
		return refused(
			"load-failed",
			`the native kernels cannot be checked: ${cause instanceof Error ? cause.message : cause}`,
		);
	}
	const other = firstOther(cases, results, expectedResults(cases, checked));
	if (other !== undefined)
		return refused("other-bits", `the native kernels (${set.name}) give other bits and are not used: ${other}`);
	const usable = set.kernels.includes(NOT_COMPARED) ? [...checked, NOT_COMPARED] : checked;
	return { ok: true, checked: new Set(usable), calls: cases.calls.length };
}
