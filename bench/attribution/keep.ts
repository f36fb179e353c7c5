// Work that a killed bench need not do again: values by name in a part's keep folder, and a clock that adds up what all attempts took.
// A file is written whole beside its name, flushed and renamed, so a kill leaves the old one or the new one.

import {
	closeSync,
	existsSync,
	fsyncSync,
	mkdirSync,
	openSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	writeSync,
} from "node:fs";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";

const CLOCK = "clock.json";
const CLOCK_EVERY_MS = 5000;

/** Writes a file atomically and durably; its folder is made. */
export function writeWhole(folder: string, file: string, content: string | Uint8Array): void {
	mkdirSync(folder, { recursive: true });
	const temporary = join(folder, `${file}.${process.pid}.writing`);
	const handle = openSync(temporary, "w");
	try {
		const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
		for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
		fsyncSync(handle);
	} finally {
		closeSync(handle);
	}
	renameSync(temporary, join(folder, file));
}

/**
 * The value kept under this name, or what `make` gives, kept then. `input` says everything that the value follows from: a value that was kept
 * for another input is made anew. Values must be JSON; numbers come back as they were.
 */
export async function kept<value>(
	folder: string,
	name: string,
	input: unknown,
	make: () => value | Promise<value>,
): Promise<value> {
	if (!/^[\w.-]+$/.test(name))
		throw new RangeError(`a kept value's name is letters, digits, ".", "_" and "-": ${name}`);
	const stamp = JSON.stringify(input);
	const file = `${name}.kept.json`;
	const path = join(folder, file);
	if (existsSync(path)) {
		const found = JSON.parse(readFileSync(path, "utf8")) as { readonly input: string; readonly value: value };
		if (found.input === stamp) return found.value;
	}
	const value = await make();
	writeWhole(folder, file, JSON.stringify({ input: stamp, value }));
	return value;
}

/** The same for what is no JSON: numbers in typed arrays and maps of them, as the structured clone algorithm takes them. */
export function keptObject<value>(folder: string, name: string, input: unknown, make: () => value): value {
	const stamp = JSON.stringify(input);
	const file = `${name}.kept.bin`;
	const path = join(folder, file);
	if (existsSync(path)) {
		const found = deserialize(readFileSync(path)) as { readonly input: string; readonly value: value };
		if (found.input === stamp) return found.value;
	}
	const value = make();
	writeWhole(folder, file, serialize({ input: stamp, value }));
	return value;
}

export interface Spent {
	/** By the clock. */
	readonly seconds: number;
	/** Of processor time, all threads together. */
	readonly processorSeconds: number;
	/** How many times the work was begun before it was done. */
	readonly attempts: number;
}

export interface Clock {
	/** Writes down what was spent, at most every five seconds; call it as the work goes on. */
	tick(): void;
	/** What all attempts took together; the work is done, and the next one starts from nothing if nothing else is kept. */
	finish(): Spent;
}

/** Starts, or goes on with, the clock of a keep folder. A killed attempt is counted up to its last tick. */
export function startClock(folder: string): Clock {
	const path = join(folder, CLOCK);
	const before: Spent = existsSync(path)
		? (JSON.parse(readFileSync(path, "utf8")) as Spent)
		: { seconds: 0, processorSeconds: 0, attempts: 0 };
	const [from, used] = [performance.now(), process.cpuUsage()];
	let written = from;
	const now = (): Spent => {
		const { user, system } = process.cpuUsage(used);
		return {
			seconds: before.seconds + (performance.now() - from) / 1000,
			processorSeconds: before.processorSeconds + (user + system) / 1e6,
			attempts: before.attempts + 1,
		};
	};
	const write = (spent: Spent) => writeWhole(folder, CLOCK, JSON.stringify(spent));
	return {
		tick() {
			if (performance.now() - written < CLOCK_EVERY_MS) return;
			written = performance.now();
			write(now());
		},
		finish() {
			const spent = now();
			const others = existsSync(folder) && readdirSync(folder).some((file) => file !== CLOCK);
			if (others) write(spent);
			else rmSync(path, { force: true });
			return spent;
		},
	};
}
