// What a trainer needs besides the chain: the rows of a job's snapshots with what opens their commitments. Whoever gets a bundle can check it
// against the roots on chain alone. It must not know where it comes from.

import type { RunRow } from "@openledger/factory";
import {
	type Address,
	CallerError,
	canonicalJson,
	type Hex,
	type Row,
	rowCommitment,
	sha256,
	snapshotRoot,
	type Turn,
	utf8,
} from "@openledger/protocol";

/** A row as it is handed to a trainer: what it says, whose it is, and the salt of its commitment. */
export type BundleRow = Row & {
	readonly contributor: Address;
	readonly commitment: Hex;
	readonly salt: Hex;
	readonly cluster: number;
};

export type JobBundle = { readonly version: 1; readonly snapshots: readonly (readonly BundleRow[])[] };

/** Bytes of a bundle at most. */
export const MAX_BUNDLE = 256 * 1024 * 1024;

export function bundleBytes(snapshots: readonly (readonly BundleRow[])[]): Uint8Array {
	const bundle = {
		version: 1,
		snapshots: snapshots.map((rows) =>
			rows.map(({ prompt, response, before, contributor, commitment, salt, cluster }) => ({
				...{ prompt, response, ...(before !== undefined && { before }) },
				...{ contributor: contributor.toLowerCase(), commitment, salt, cluster },
			})),
		),
	};
	return utf8(canonicalJson(bundle));
}

/**
 * The rows of a bundle, after every one was held against its commitment and all of them against the snapshots' roots. Throws `job/bad-bundle`
 * saying what does not fit.
 */
export function openBundle(bytes: Uint8Array, digest: Hex, roots: readonly Hex[]): JobBundle {
	if (bytes.length > MAX_BUNDLE) throw bad(`it has ${bytes.length} bytes and may have ${MAX_BUNDLE}`);
	if (sha256(bytes) !== digest) throw bad(`its sha256 is ${sha256(bytes)}, the job names ${digest}`);
	const { version, snapshots } = parse(bytes);
	if (version !== 1) throw bad(`its version is ${JSON.stringify(version)}, this program reads 1`);
	if (!Array.isArray(snapshots) || snapshots.length !== roots.length)
		throw bad(`it must hold the rows of ${roots.length} snapshots`);
	const checked = snapshots.map((rows: unknown, i) => {
		if (!Array.isArray(rows) || rows.length === 0) throw bad(`snapshot ${i + 1} has no rows`);
		const own = rows.map((row: unknown, k) => checkRow(row, `row ${k + 1} of snapshot ${i + 1}`));
		const root = snapshotRoot(own.map((row, index) => ({ index, ...row })));
		if (root !== roots[i]) throw bad(`its snapshot ${i + 1} has root ${root}, the job names ${roots[i]}`);
		return own;
	});
	return { version: 1, snapshots: checked };
}

/** The rows as a run takes them; clusters of different snapshots stay apart. */
export function runRowsOf({ snapshots }: JobBundle): RunRow[] {
	let first = 0;
	return snapshots.flatMap((rows) => {
		const from = first;
		first += 1 + rows.reduce((most, { cluster }) => Math.max(most, cluster), 0);
		return rows.map(({ prompt, response, before, cluster }) => ({
			...{ prompt, response, ...(before !== undefined && { before }) },
			cluster: from + cluster,
		}));
	});
}

function checkRow(value: unknown, what: string): BundleRow {
	const row = (typeof value === "object" && value !== null ? value : {}) as Partial<Record<keyof BundleRow, unknown>>;
	const isText = (x: unknown): x is string => typeof x === "string";
	const isDigest = (x: unknown): x is Hex => isText(x) && /^0x[0-9a-f]{64}$/.test(x);
	const { prompt, response, before, contributor, commitment, salt, cluster } = row;
	const isTurn = (turn: unknown): turn is Turn => {
		const { role, content } = (typeof turn === "object" && turn !== null ? turn : {}) as Partial<Turn>;
		return isText(content) && ["system", "user", "assistant"].includes(role as string);
	};
	if (!isText(prompt) || !isText(response)) throw bad(`${what} has no text`);
	if (before !== undefined && !(Array.isArray(before) && before.every(isTurn)))
		throw bad(`${what}: before is no conversation`);
	if (!isDigest(commitment) || !isDigest(salt)) throw bad(`${what} has no commitment or salt`);
	if (!isText(contributor) || !/^0x[0-9a-f]{40}$/.test(contributor)) throw bad(`${what} has no contributor`);
	if (!Number.isSafeInteger(cluster) || (cluster as number) < 0) throw bad(`${what} has no cluster`);
	const said = { prompt, response, ...(before !== undefined && { before: before as Turn[] }) };
	if (rowCommitment(said, salt) !== commitment) throw bad(`${what} is not what its commitment opens to`);
	return { ...said, contributor: contributor as Address, commitment, salt, cluster: cluster as number };
}

function parse(bytes: Uint8Array): Partial<Record<keyof JobBundle, unknown>> {
	try {
		const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
		return typeof value === "object" && value !== null ? value : {};
	} catch (cause) {
		throw bad("it is not JSON", cause);
	}
}

function bad(what: string, cause?: unknown): CallerError {
	return new CallerError(`the job's bundle of rows cannot be used: ${what}`, { code: "job/bad-bundle", cause });
}
