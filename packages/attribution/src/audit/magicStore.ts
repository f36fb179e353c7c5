// What an audit keeps while it works: states of the run and how far the way back has come, as bytes that say whether they are whole. It knows
// no folder; the caller gives one, or nothing and all stays in memory.

import { sha256, type TrainerState } from "@openledger/llm";
import { MagicError } from "./magicErrors.js";

/** A folder-like place. `write` replaces the whole of what the name held, or nothing, also where the process is killed. */
export interface MagicStore {
	read(name: string): Uint8Array | undefined | Promise<Uint8Array | undefined>;
	write(name: string, bytes: Uint8Array): void | Promise<void>;
}

/** A store that lasts as long as the process. */
export function memoryStore(): MagicStore {
	const kept = new Map<string, Uint8Array>();
	return {
		read: (name) => kept.get(name),
		write: (name, bytes) => {
			kept.set(name, bytes);
		},
	};
}

const DIGEST_BYTES = 66;
const text = new TextEncoder();

/** Numbers of one kind as little-endian bytes, behind their digest; `job` goes into the digest, so that bytes of another job are not taken. */
export function seal(job: string, values: Float64Array | Float32Array): Uint8Array {
	const body = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
	const out = new Uint8Array(DIGEST_BYTES + body.length);
	out.set(body, DIGEST_BYTES);
	out.set(text.encode(digestOf(job, body)));
	return out;
}

/** The body of sealed bytes, at an address of its own; MagicError `attribution/audit-damaged` where they are not what was sealed. */
export function unseal(job: string, name: string, bytes: Uint8Array): ArrayBuffer {
	const body = new Uint8Array(bytes.subarray(DIGEST_BYTES));
	if (new TextDecoder().decode(bytes.subarray(0, DIGEST_BYTES)) !== digestOf(job, body))
		throw new MagicError(
			"attribution/audit-damaged",
			`${name} is not what this audit wrote; delete what the audit kept and begin again`,
		);
	return body.buffer;
}

function digestOf(job: string, body: Uint8Array): string {
	return sha256(text.encode(`${job}\n${sha256(body)}`));
}

/** Three maps side by side, in the order of `names`, each f32. */
export function flatten(state: Omit<TrainerState, "step">, names: readonly string[]): Float32Array {
	const arrays = [state.parameters, state.first, state.second].flatMap((part) => names.map((name) => part.get(name)!));
	const out = new Float32Array(arrays.reduce((sum, a) => sum + a.length, 0));
	let at = 0;
	for (const array of arrays) {
		out.set(array, at);
		at += array.length;
	}
	return out;
}

/** The reverse of `flatten`, given how many numbers each name has. */
export function unflatten(values: Float32Array, sizes: ReadonlyMap<string, number>): Omit<TrainerState, "step"> {
	let at = 0;
	const part = () =>
		new Map(
			[...sizes].map(([name, size]) => {
				at += size;
				return [name, values.slice(at - size, at)] as const;
			}),
		);
	return { parameters: part(), first: part(), second: part() };
}
