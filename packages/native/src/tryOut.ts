// Tries a fresh build in another process first: code that a wrong compiler made may crash, and then it crashes there.

import { type Refusal, refused } from "./refusal.js";
import { runProgram } from "./runProgram.js";
import type { CheckResults } from "./selfCheck.js";
import { comparable, expectedResults, firstOther } from "./selfCheck.js";
import { selfCheckCases } from "./selfCheckCases.js";

/** Text, so that it needs no file and no loader of TypeScript; reads one JSON line, writes one. */
const TRIAL = `
let text = "";
process.stdin.on("data", (part) => { text += part; }).on("end", () => {
	const { file, memory, calls } = JSON.parse(text);
	const module = { exports: {} };
	process.dlopen(module, file);
	const addon = module.exports;
	const results = addon.sets.map((set) => {
		const bytes = new Uint8Array(Buffer.from(memory, "base64"));
		const args = new Float64Array(16);
		const call = addon.create(args, 2, set.name);
		addon.attach(call, bytes.buffer);
		const outs = calls.map(({ kernel, args: given, at, count }) => {
			const place = set.kernels.indexOf(kernel);
			if (place < 0) return "";
			args.set([place, ...given]);
			call();
			return Buffer.from(count > 0 ? bytes.slice(at, at + 4 * count).buffer : Float32Array.of(args[0]).buffer).toString("base64");
		});
		addon.close(call);
		return { set, outs };
	});
	process.stdout.write(JSON.stringify(results));
});
`;

const floatsOf = (base64: string) => new Float32Array(Uint8Array.from(Buffer.from(base64, "base64")).buffer);

/** Undefined if the file loads elsewhere and every set of this processor gives WebAssembly's bits. */
export async function tryOut(
	file: string,
	options: { signal?: AbortSignal; niceness?: number } = {},
): Promise<Refusal | undefined> {
	const cases = selfCheckCases();
	const memory = Buffer.from(cases.memory).toString("base64");
	// What Infinity and NaN would need is not among the arguments.
	const input = JSON.stringify({ file, memory, calls: cases.calls });
	const ran = await runProgram(process.execPath, ["-e", TRIAL], { ...options, input });
	if (!ran.ok) {
		const said = ran.err.trim().split("\n").slice(-3).join(" ").slice(0, 400);
		return refused(
			"other-bits",
			`the compiled kernels end with ${ran.end} when tried out, so they are not used. ${said}`,
		);
	}
	const results = JSON.parse(ran.out) as {
		set: { name: string; lanes: number; kernels: (string | null)[] };
		outs: string[];
	}[];
	for (const { set, outs } of results) {
		const actual: CheckResults = outs.map(floatsOf);
		const other = firstOther(cases, actual, expectedResults(cases, comparable(set, cases)));
		if (other !== undefined)
			return refused(
				"other-bits",
				`the compiled kernels (${set.name}) give other bits, so they are not used: ${other}`,
			);
	}
	return undefined;
}
