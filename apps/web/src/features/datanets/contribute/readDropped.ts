// A dropped file as the API takes it: its format by its name, its bytes as text where they are UTF-8, else in base64, so that the node can
// name the bad lines.

export type Format = "jsonl" | "csv" | "markdown" | "text";
export type Dropped = {
	readonly name: string;
	readonly bytes: number;
	readonly format: Format;
	readonly content: string;
	readonly encoding: "utf8" | "base64";
};

export const FORMATS: readonly (readonly [Format, string])[] = [
	["jsonl", "JSON Lines"],
	["csv", "CSV"],
	["markdown", "Markdown"],
	["text", "Plain text"],
];
export const MAX_BYTES = 64 * 1024 * 1024;

export function formatOf(name: string): Format {
	const ending = /\.([a-z0-9]+)$/.exec(name.toLowerCase())?.[1] ?? "";
	if (["csv", "tsv"].includes(ending)) return "csv";
	if (["md", "markdown"].includes(ending)) return "markdown";
	return ["jsonl", "ndjson", "json"].includes(ending) ? "jsonl" : "text";
}

/** Throws a sentence for people where the file is empty or too large. */
export async function readDropped(file: File): Promise<Dropped> {
	const { name, size } = file;
	if (size === 0) throw new Error(`${name} is empty`);
	if (size > MAX_BYTES) throw new Error(`${name} has more than 64 MB; split it into smaller files`);
	const bytes = new Uint8Array(await file.arrayBuffer());
	const of = { name, bytes: size, format: formatOf(name) };
	try {
		const content = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
		return { ...of, content, encoding: "utf8" };
	} catch {
		return { ...of, content: base64(bytes), encoding: "base64" };
	}
}

function base64(bytes: Uint8Array): string {
	let text = "";
	const at = 0x8000;
	for (let from = 0; from < bytes.length; from += at) text += String.fromCharCode(...bytes.subarray(from, from + at));
	return btoa(text);
}
