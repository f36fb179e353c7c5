// A span index on disk, appended to while it is read. A folder holds segments, named by what they commit to, and a manifest for each index;
// each file is written whole to another name, flushed and renamed, the manifest last, so a kill leaves the old index or the new one.
// One process writes a folder; inside it, appends take turns. It must not know answers or receipts.

import { createHash } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { canonicalJson, type Row } from "@openledger/protocol";
import { SpanError } from "./errors.js";
import { type SpanLayout, spanLayout } from "./layout.js";
import { blockBytes, type Segment, type SegmentRecord, segmentDigest, segmentOf } from "./segment.js";
import { appendToSpanIndexAside, type SpanCommitment, type SpanIndex, spanIndexOf, spanRoot } from "./spanIndex.js";

export interface OpenSpanIndexOptions extends Partial<SpanLayout> {
	/** The index's name in the folder: letters, digits, - and _, at most 80; default "spans". */
	readonly name?: string;
	/** Where there is no index of that name yet: the one to begin with, whose segments are shared. Without effect where that is not there either. */
	readonly from?: string;
	/** Whether segments are compared with the digests in the manifest as they are read; default true. */
	readonly checkFiles?: boolean;
}

interface Manifest {
	readonly kind: "openledger/spans/manifest/v1";
	readonly commitment: SpanCommitment;
	/** For each segment the SHA-256 of its file, hex. */
	readonly files: readonly string[];
}

const KIND = "openledger/spans/manifest/v1";
const WRITING = ".writing";
const fileName = (record: SegmentRecord) => `${segmentDigest(record).slice(2)}.segment`;

/** Turns of the writers of this process, by folder. */
const turns = new Map<string, Promise<unknown>>();

function inTurn<T>(folder: string, work: () => Promise<T>): Promise<T> {
	const turn = (turns.get(folder) ?? Promise.resolve()).then(work);
	turns.set(
		folder,
		turn.catch(() => undefined),
	);
	return turn;
}

/**
 * Opens the index of that name, or begins an empty one: nothing is written before the first append. Throws `spans/bad-rules`,
 * `spans/folder-damaged` naming the file (the index can be built again from the rows in another folder).
 */
export async function openSpanIndex(folder: string, options: OpenSpanIndexOptions = {}): Promise<SpanStore> {
	const { name = "spans", from = name, checkFiles = true } = options;
	for (const given of [name, from]) {
		if (/^[A-Za-z0-9_-]{1,80}$/.test(given)) continue;
		throw new SpanError("spans/bad-rules", `name "${given.slice(0, 100)}" must be 1 to 80 letters, digits, - or _`);
	}
	const layout = spanLayout(options);
	const path = resolve(folder);
	const manifest = (await readManifest(join(path, `${name}.json`))) ?? (await readManifest(join(path, `${from}.json`)));
	if (manifest === undefined) return new SpanStore(path, name, spanIndexOf(layout, []), new Map());
	const segments: Segment[] = [];
	const digests = new Map<string, string>();
	for (const [place, record] of manifest.commitment.segments.entries()) {
		segments.push(await readSegment(path, record, checkFiles ? manifest.files[place]! : undefined));
		digests.set(fileName(record), manifest.files[place]!);
	}
	return new SpanStore(path, name, spanIndexOf(manifest.commitment, segments), digests);
}

/** Owns an index on disk. `index` is immutable and stays usable after an append or a close; ask for it anew to see more. */
export class SpanStore {
	readonly #folder: string;
	readonly #name: string;
	readonly #digests: Map<string, string>;
	#index: SpanIndex;
	#closed = false;

	constructor(folder: string, name: string, index: SpanIndex, digests: Map<string, string>) {
		this.#folder = folder;
		this.#name = name;
		this.#index = index;
		this.#digests = digests;
	}

	/** What is durable now. */
	get index(): SpanIndex {
		return this.#index;
	}

	/**
	 * Appends rows; segments are built on another thread, and the new index is durable when this resolves. Rows are read when the turn comes.
	 * Throws `spans/bad-rows`, `spans/no-memory`, `spans/folder-closed`; then the index is what it was.
	 */
	append(rows: Iterable<Row>): Promise<SpanIndex> {
		return inTurn(this.#folder, async () => {
			if (this.#closed) throw new SpanError("spans/folder-closed", "the span index is closed; open it again");
			await mkdir(this.#folder, { recursive: true });
			await this.#sweep();
			const index = await appendToSpanIndexAside(this.#index, rows, { onSegment: (segment) => this.#keep(segment) });
			if (index.root !== this.#index.root) {
				const files = index.commitment.segments.map((record) => this.#digests.get(fileName(record))!);
				await writeWhole(
					this.#manifestPath(),
					Buffer.from(canonicalJson({ kind: KIND, commitment: index.commitment, files })),
				);
				this.#index = index;
				await this.#sweep();
			}
			return index;
		});
	}

	/** Waits for the append under way; further ones are refused. */
	async close(): Promise<void> {
		this.#closed = true;
		await inTurn(this.#folder, async () => undefined);
	}

	#manifestPath(): string {
		return join(this.#folder, `${this.#name}.json`);
	}

	async #keep({ record, block }: Segment): Promise<void> {
		const name = fileName(record);
		this.#digests.set(name, createHash("sha256").update(block).digest("hex"));
		await writeWhole(join(this.#folder, name), block);
	}

	/** Removes what no manifest names: segments that were joined, and what a killed writer left. */
	async #sweep(): Promise<void> {
		const names = await readdir(this.#folder);
		const wanted = new Set<string>();
		for (const name of names.filter((file) => file.endsWith(".json"))) {
			const manifest = await readManifest(join(this.#folder, name));
			for (const record of manifest?.commitment.segments ?? []) wanted.add(fileName(record));
		}
		for (const name of names) {
			if (name.endsWith(WRITING) || (name.endsWith(".segment") && !wanted.has(name)))
				await rm(join(this.#folder, name), { force: true });
		}
	}
}

async function writeWhole(path: string, content: Uint8Array): Promise<void> {
	const temporary = `${path}${WRITING}`;
	const file = await open(temporary, "w");
	try {
		for (let at = 0; at < content.length; )
			at += (await file.write(content, at, Math.min(content.length - at, 2 ** 28))).bytesWritten;
		await file.sync();
	} finally {
		await file.close();
	}
	await rename(temporary, path);
	const folder = await open(dirname(path), "r");
	try {
		await folder.sync();
	} finally {
		await folder.close();
	}
}

function damaged(path: string, what: string, cause?: unknown): SpanError {
	return new SpanError("spans/folder-damaged", `${path}: ${what}; build the index again from its rows`, { cause });
}

async function readManifest(path: string): Promise<Manifest | undefined> {
	let text: string;
	try {
		text = await readFile(path, "utf8");
	} catch (cause) {
		if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
		throw cause;
	}
	try {
		const manifest = JSON.parse(text) as Manifest;
		// Canonical JSON refuses what is no plain data, and a manifest of ours is canonical.
		if (manifest.kind !== KIND || canonicalJson(manifest) !== text) throw new Error("not a manifest");
		spanLayout(manifest.commitment);
		spanRoot(manifest.commitment);
		if (manifest.files.length !== manifest.commitment.segments.length) throw new Error("a file for each segment");
		return manifest;
	} catch (cause) {
		throw damaged(path, "not a manifest of a span index", cause);
	}
}

async function readSegment(folder: string, record: SegmentRecord, digest: string | undefined): Promise<Segment> {
	const path = join(folder, fileName(record));
	const length = blockBytes(record);
	let block: Uint8Array;
	try {
		const file = await open(path, "r");
		try {
			const { size } = await file.stat();
			if (size !== length) throw damaged(path, `has ${size} bytes where ${length} were written`);
			block = new Uint8Array(length);
			for (let at = 0; at < length; ) {
				const { bytesRead } = await file.read(block, at, Math.min(length - at, 2 ** 28), at);
				if (bytesRead === 0) throw damaged(path, "ended early");
				at += bytesRead;
			}
		} finally {
			await file.close();
		}
	} catch (cause) {
		if (cause instanceof SpanError) throw cause;
		throw damaged(path, "cannot be read", cause);
	}
	if (digest !== undefined && createHash("sha256").update(block).digest("hex") !== digest)
		throw damaged(path, "is not what was written");
	const segment = segmentOf(block, record);
	if (segmentDigest(segment.record) !== segmentDigest(record)) throw damaged(path, "is not what the manifest names");
	return segment;
}
