// Decoding with a key–value cache: tokens/s of one sequence and of 16 together, f32 and int8 weights, WebAssembly on one thread and two and
// the native twin where it is; beside what reading every weight once costs at the bandwidth that this machine shows, and beside PyTorch where
// OPENLEDGER_PYTHON names a Python with it. All of them take turns, so that what else the machine does meets all. Arguments choose models.

import { createSessionMaker, parameterShapes, residentWeights, type WeightForm } from "@openledger/llm";
import { createMachine, type Machine } from "@openledger/tensor";
import { type MemoryReader, openReader } from "./bandwidth.js";
import { count, MODELS, type Model, madeUpParameters, median, ready } from "./models.js";
import { nativeForBench } from "./native.js";
import type { BenchOptions, BenchResult, BenchTarget } from "./run.js";
import { openTorch } from "./torchPeer.js";

const PROMPT = 16;
const ROUNDS = 7;
const BATCHES = [1, 16] as const;
const FORMS = ["packed", "int8"] as const;
const THREADS = [1, 2] as const;
const LIMIT = 4 * 1024 ** 3 - 65536;
/** Steps of a turn, and the milliseconds after which no further one begins. */
const STEPS = 8;
const TURN = 250;

/** Someone who decodes: a turn is a few steps, each of which feeds a token to every sequence. */
interface Contender {
	readonly kernels: string;
	readonly threads: number;
	readonly form: WeightForm;
	readonly batch: number;
	readonly megabytes: number;
	readonly milliseconds: number[];
	turn(): void;
}

const round = (x: number, digits: number) => Number(x.toFixed(digits));
const label = (form: WeightForm) => (form === "int8" ? "int8" : "f32");

/** Bytes that one step must read: every weight once, int8 with its scales. */
function weightBytes(model: Model, form: WeightForm): number {
	const shapes = [...parameterShapes(model.config).values()];
	const matrices = shapes.filter((shape) => shape.length === 2);
	if (form !== "int8") return 4 * count(shapes);
	return 4 * count(shapes) - 3 * count(matrices) + 4 * matrices.reduce((n, [rows]) => n + rows!, 0);
}

/** Both batches over one copy of the weights. */
function contenders(machine: Machine, kernels: string, model: Model, form: WeightForm): Contender[] {
	const used = machine.bytesInUse();
	const weights = residentWeights(machine, model.config, madeUpParameters(model.config), form);
	const megabytes = round((machine.bytesInUse() - used) / 1e6, 1);
	const sessions = createSessionMaker({ config: model.config, padding: 0 }, machine, weights, form);
	return BATCHES.map((batch) => {
		const slots = sessions.openBatch(batch, PROMPT + STEPS * (ROUNDS + 1));
		// As a node would have it: each sequence at its own place.
		slots.feed(Array.from({ length: batch }, (_, s) => Array.from({ length: PROMPT - (s % 8) }, (_, i) => i + s + 1)));
		const milliseconds: number[] = [];
		const turn = () => {
			const end = performance.now() + TURN;
			for (let i = 0; i < STEPS && (i < 2 || performance.now() < end); i++) {
				const tokens = Array.from({ length: batch }, (_, slot) => [(i * 7 + slot) % 1000]);
				const from = performance.now();
				slots.feed(tokens);
				milliseconds.push(performance.now() - from);
			}
		};
		turn();
		milliseconds.length = 0;
		return { kernels, threads: machine.threads, form, batch, megabytes, milliseconds, turn };
	});
}

async function machines(native: Awaited<ReturnType<typeof nativeForBench>>): Promise<[string, Machine][]> {
	const out: [string, Machine][] = [];
	for (const threads of THREADS) out.push(["wasm", await ready(threads)]);
	if (native === undefined) return out;
	for (const threads of THREADS)
		out.push([`native ${native.set}`, createMachine({ threads, maxBytes: LIMIT, kernels: native.source })]);
	return out;
}

type Row = Record<string, string | number> & { readonly kernels: string; readonly tokensPerSecond: number };

async function rowsOf(model: Model, { log }: BenchOptions, native: Awaited<ReturnType<typeof nativeForBench>>) {
	const made = await machines(native);
	const all = made.flatMap(([kernels, machine]) => FORMS.flatMap((form) => contenders(machine, kernels, model, form)));
	const readers = new Map<string, { readonly reader: MemoryReader; readonly rates: number[] }>();
	for (const form of FORMS)
		for (const threads of THREADS)
			readers.set(`${form}|${threads}`, { reader: await openReader(weightBytes(model, form), threads), rates: [] });
	const torch = openTorch("torchDecode.py", log);
	const theirs = new Map<number, number[]>(BATCHES.map((batch) => [batch, []]));
	for (let at = 0; at < ROUNDS; at++) {
		for (const { reader, rates } of readers.values()) rates.push(await reader.read());
		for (const contender of all) contender.turn();
		for (const batch of BATCHES) {
			const question = { model, batch, prompt: PROMPT, tokens: STEPS };
			const answer = await torch?.ask(question);
			// The first turn warms it up.
			if (answer !== undefined && at > 0)
				theirs.get(batch)!.push(...(answer.seconds as unknown as readonly number[]).map((s) => 1000 * s));
		}
	}
	torch?.close();
	for (const { reader } of readers.values()) await reader.close();
	for (const [, machine] of made) machine.close();
	const rows = all.map(({ kernels, threads, form, batch, megabytes, milliseconds }): Row => {
		const step = median(milliseconds);
		const bandwidth = median(readers.get(`${form}|${threads}`)!.rates);
		const read = weightBytes(model, form) / step / 1e6;
		const torchStep = theirs.get(batch)!;
		return {
			...{ model: model.name, kernels, threads, weights: label(form), batch },
			tokensPerSecond: round((1000 * batch) / step, 1),
			weightMegabytes: megabytes,
			readGigabytesPerSecond: round(read, 1),
			bandwidth: round(bandwidth, 1),
			shareOfBandwidth: round(read / bandwidth, 2),
			...(torchStep.length > 0 && {
				torchTokensPerSecond: round((1000 * batch) / median(torchStep), 1),
				torchShareOfBandwidth: round(
					weightBytes(model, "packed") / median(torchStep) / 1e6 / median(readers.get("packed|2")!.rates),
					2,
				),
				ratio: round(median(torchStep) / step, 2),
			}),
		};
	});
	for (const row of rows) log(JSON.stringify(row));
	return rows;
}

/** The better of one thread and two, of one sequence. */
function best(rows: readonly Row[], kernels: string, weights: string): Row {
	const own = rows.filter((r) => r.kernels === kernels && r.weights === weights && r.batch === 1);
	return own.reduce((a, b) => (b.tokensPerSecond > a.tokensPerSecond ? b : a));
}

function targetsOf(name: string, rows: readonly Row[]): BenchTarget[] {
	const out: BenchTarget[] = [];
	const target = (what: string, value: number, least: number) =>
		out.push({ what, value: round(value, 2), target: `≥ ${least}`, ok: value >= least });
	for (const kernels of new Set(rows.map((r) => r.kernels))) {
		const [f32, int8] = [best(rows, kernels, "f32"), best(rows, kernels, "int8")];
		if (name === "135M") {
			target(`share of the read bandwidth, ${name}, f32, ${kernels}`, Number(f32.shareOfBandwidth), 0.6);
			target(`int8 over f32, ${name}, ${kernels}`, int8.tokensPerSecond / f32.tokensPerSecond, 2);
		}
		if (f32.ratio === undefined) continue;
		if (kernels === "wasm") target(`ratio to PyTorch, ${name}, f32, wasm`, Number(f32.ratio), 2);
		else if (name !== "135M") target(`ratio to PyTorch, ${name}, f32, ${kernels}`, Number(f32.ratio), 3);
	}
	return out;
}

export async function run(options: BenchOptions): Promise<BenchResult> {
	const chosen = MODELS.filter(({ name }) => options.args.length === 0 || options.args.includes(name));
	const native = await nativeForBench();
	const rows: Row[] = [];
	const targets: BenchTarget[] = [];
	for (const model of chosen) {
		const own = await rowsOf(model, options, native);
		rows.push(...own);
		targets.push(...targetsOf(model.name, own));
	}
	return { rows, targets };
}
