// Compiled passes of a paged batch, few shapes of them, and the one that runs: rows in, logits out. It knows no blocks and no adapters' owners.

import { type Buffer, compile, type Feed, LOW_RANK, type Machine, type Program, SEGMENT } from "@openledger/tensor";
import type { BaseModel } from "../model/baseModel.js";
import { createRopeRows } from "../model/ropeTables.js";
import type { WeightForm } from "../model/weights.js";
import type { ResidentModule } from "./pagedAdapters.js";
import { type PagedSizes, pagedGraph } from "./pagedGraph.js";

/** New tokens of one sequence, in the order of the rows. */
export interface PagedRun {
	readonly tokens: readonly number[];
	/** Positions taken before. */
	readonly start: number;
	/** The blocks of its positions, those of the new ones included. */
	readonly blocks: readonly number[];
	readonly logits: boolean;
	/** By the linear layer's number; undefined: no adapter. The same object for the same adapter. */
	readonly modules: readonly (ResidentModule | undefined)[] | undefined;
}

export interface PagedProgram {
	/** Logits [vocab] after the last token of each run that wants them. */
	run(runs: readonly PagedRun[]): (Float32Array | undefined)[];
	close(): void;
}

export interface PagedProgramParts {
	readonly base: Pick<BaseModel, "config" | "padding">;
	readonly machine: Machine;
	/** The base's matrices in their form, the caches and the adapters' pool, by input name. */
	readonly feeds: Readonly<Record<string, Feed>>;
	readonly form: WeightForm;
	readonly sizes: PagedSizes;
	/** Linear layers by path. */
	readonly numbers: ReadonlyMap<string, number>;
}

/** Row counts are powers of two up to this and multiples of it above. */
const ROW_STEP = 8;
/** What was not used for longest is compiled anew when it is. */
const PROGRAMS_KEPT = 128;

export const roundRows = (n: number): number =>
	n >= ROW_STEP ? Math.ceil(n / ROW_STEP) * ROW_STEP : 1 << (32 - Math.clz32(Math.max(1, n) - 1));

interface Shape {
	readonly program: Program<"logits">;
	readonly feeds: Readonly<Record<string, Feed>>;
	readonly tokens: Int32Array;
	readonly positions: Int32Array;
	readonly ropeCos: Float32Array;
	readonly ropeSin: Float32Array;
	readonly segments: Int32Array;
}

/** Throws OutOfMemoryError where the tables do not fit. */
export function createPagedProgram({ base, machine, feeds, form, sizes, numbers }: PagedProgramParts): PagedProgram {
	const { config } = base;
	const { sequences, mostBlocks } = sizes;
	const half = config.headDim / 2;
	const rope = createRopeRows(config);
	const places = machine.buffer([sequences, mostBlocks], undefined, "i32");
	const groups = machine.buffer([numbers.size, sequences, LOW_RANK], undefined, "i32");
	const programs = new Map<string, Shape>();
	/** What the table of groups says now. */
	let grouped: { readonly modules: PagedRun["modules"]; readonly first: number; readonly count: number }[] = [];
	const placed: (readonly number[])[] = Array.from({ length: sequences }, () => []);

	function shape(rows: number, wanted: number, adapted: boolean): Shape {
		const key = `${rows}|${wanted}|${adapted}`;
		const known = programs.get(key);
		programs.delete(key);
		const made = known ?? make(rows, wanted, adapted);
		programs.set(key, made);
		if (programs.size > PROGRAMS_KEPT) programs.delete(programs.keys().next().value!);
		return made;
	}

	function make(rows: number, wanted: number, adapted: boolean): Shape {
		const own = {
			tokens: new Int32Array(rows),
			positions: new Int32Array(wanted),
			ropeCos: new Float32Array(rows * half),
			ropeSin: new Float32Array(rows * half),
			segments: new Int32Array(SEGMENT * sequences),
		};
		const { adapters, ...plain } = feeds;
		const program = compile(machine, {
			logits: pagedGraph(config, form, sizes, numbers, { rows, wanted, adapted }),
		});
		const all = { ...plain, ...(adapted && { adapters: adapters!, groups }), places, ...own };
		return { program, feeds: all, ...own };
	}

	const view = (buffer: Buffer, count: number) => new Int32Array(machine.memory.buffer, buffer.address, count);

	/** Writes the blocks that a sequence's row of the table does not name yet. */
	function place(runs: readonly PagedRun[]): void {
		const table = view(places, sequences * mostBlocks);
		runs.forEach(({ blocks }, slot) => {
			const before = placed[slot]!;
			for (let i = 0; i < blocks.length; i++) if (before[i] !== blocks[i]) table[slot * mostBlocks + i] = blocks[i]!;
			placed[slot] = blocks.slice();
		});
	}

	/** Neighbours with the same adapter are one group. */
	function group(runs: readonly PagedRun[]): void {
		const now: typeof grouped = [];
		let first = 0;
		for (const { modules, tokens } of runs) {
			const last = now.at(-1);
			if (modules !== undefined && last?.modules === modules && last.first + last.count === first)
				now[now.length - 1] = { ...last, count: last.count + tokens.length };
			else if (modules !== undefined) now.push({ modules, first, count: tokens.length });
			first += tokens.length;
		}
		const same = now.every((g, i) => {
			const before = grouped[i];
			return before?.modules === g.modules && before?.first === g.first && before?.count === g.count;
		});
		if (same && now.length === grouped.length) return;
		grouped = now;
		const table = view(groups, numbers.size * sequences * LOW_RANK).fill(0);
		now.forEach((g, i) => {
			g.modules!.forEach((own, number) => {
				if (own === undefined) return;
				const at = LOW_RANK * (number * sequences + i);
				table[at] = g.first;
				table[at + 1] = g.count;
				table[at + 2] = own.rank;
				table[at + 3] = own.A;
				table[at + 4] = own.B;
				table[at + 5] = own.scaleBits;
			});
		});
	}

	function run(runs: readonly PagedRun[]): (Float32Array | undefined)[] {
		let rows = 0;
		let wanted = 0;
		for (const { tokens, logits } of runs) {
			rows += tokens.length;
			if (logits) wanted++;
		}
		const adapted = runs.some(({ modules }) => modules !== undefined);
		const at = shape(roundRows(rows), roundRows(wanted), adapted);
		place(runs);
		if (adapted) group(runs);
		at.tokens.fill(base.padding);
		at.positions.fill(0);
		at.segments.fill(0);
		let first = 0;
		let filled = 0;
		runs.forEach(({ tokens, start, logits }, slot) => {
			at.segments.set([first, tokens.length, start, slot], SEGMENT * slot);
			at.tokens.set(tokens, first);
			rope.write(start, tokens.length, at.ropeCos, at.ropeSin, first);
			first += tokens.length;
			if (logits) at.positions[filled++] = first - 1;
		});
		const { logits } = at.program.run(at.feeds);
		filled = 0;
		return runs.map((own) => {
			if (!own.logits) return undefined;
			const from = config.vocabSize * filled++;
			return logits.subarray(from, from + config.vocabSize);
		});
	}

	return {
		run,
		close() {
			places.free();
			groups.free();
		},
	};
}
