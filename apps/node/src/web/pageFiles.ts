// The explorer's build, in memory: what was not in its folder when it was read cannot be asked for, whatever the address says. Compressed when
// first asked for. It must not know how it is sent.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join, sep } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { sha256 } from "@openledger/protocol";

export type Encoding = "br" | "gzip" | "identity";

export type PageFile = {
	readonly type: string;
	/** Of its bytes, the same in each encoding. */
	readonly tag: string;
	/** Its name holds a hash of its contents, so that it never changes. */
	readonly isImmutable: boolean;
	/** Its bytes in this encoding, or as they are where that gains nothing; which of them, is said. */
	encoded(encoding: Encoding): Promise<{ readonly encoding: Encoding; readonly bytes: Uint8Array<ArrayBuffer> }>;
};

/** By path, as in an address: "/index.html", "/assets/…". */
export type PageFiles = ReadonlyMap<string, PageFile>;

export const INDEX = "/index.html";
const HASHED = "/assets/";

const TYPES: Readonly<Record<string, string>> = {
	".css": "text/css; charset=utf-8",
	".html": "text/html; charset=utf-8",
	".ico": "image/x-icon",
	".js": "text/javascript; charset=utf-8",
	".json": "application/json; charset=utf-8",
	".png": "image/png",
	".svg": "image/svg+xml",
	".txt": "text/plain; charset=utf-8",
	".wasm": "application/wasm",
	".webp": "image/webp",
	".woff2": "font/woff2",
};
/** What is smaller, or packed already, gains nothing. */
const WORTH_PACKING = 1024;
const PACKED = new Set([".png", ".webp", ".woff2"]);
/** Within a few percent of the best, in a tenth of its time. */
const BROTLI_QUALITY = 9;

const packers = {
	br: (bytes: Uint8Array) =>
		promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }),
	gzip: (bytes: Uint8Array) => promisify(gzip)(bytes, { level: 9 }),
};

/**
 * The files of a build's folder, read when first asked for, and again once there is another build: `undefined` while there is none.
 */
export function openPageFiles(folder: string | undefined): () => PageFiles | undefined {
	let files: PageFiles | undefined;
	let readAt = Number.NaN;
	return () => {
		if (folder === undefined) return undefined;
		const builtAt = statSync(join(folder, INDEX), { throwIfNoEntry: false })?.mtimeMs;
		if (builtAt !== undefined && builtAt !== readAt) {
			try {
				files = readFolder(folder);
				readAt = builtAt;
			} catch (error) {
				// In the midst of being built anew: the old one is whole, and the next request looks again.
				if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
			}
		}
		return files;
	};
}

function readFolder(folder: string): PageFiles {
	const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
	return new Map(
		entries
			.filter((entry) => entry.isFile() && TYPES[extname(entry.name)] !== undefined)
			.map((entry) => join(entry.parentPath, entry.name))
			.map((file) => [file.slice(folder.length).split(sep).join("/"), readPageFile(file)]),
	);
}

function readPageFile(file: string): PageFile {
	const bytes = new Uint8Array(readFileSync(file));
	const extension = extname(file);
	const packed = new Map<Encoding, Promise<Uint8Array<ArrayBuffer>>>();
	return {
		type: TYPES[extension]!,
		tag: sha256(bytes).slice(2, 18),
		isImmutable: file.split(sep).join("/").includes(HASHED),
		async encoded(encoding) {
			if (encoding === "identity" || bytes.length < WORTH_PACKING || PACKED.has(extension))
				return { encoding: "identity", bytes };
			const known = packed.get(encoding) ?? packers[encoding](bytes).then((smaller) => new Uint8Array(smaller));
			packed.set(encoding, known);
			return { encoding, bytes: await known };
		},
	};
}
