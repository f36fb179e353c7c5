// What a trainer publishes with its submission: the finished run's folder, file by file, under one digest. The poster takes the adapter from
// it, verifiers its states. It must not know whether the run is right.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeDurably } from "@openledger/factory";
import { CallerError, canonicalJson, type Hex, sha256, utf8 } from "@openledger/protocol";
import { type DataLayer, getBlob, putBlob } from "@openledger/rollup";

export type RunFile = { readonly commitment: Hex; readonly sha256: Hex };
export type RunBundle = { readonly version: 1; readonly files: Readonly<Record<string, RunFile>> };

/** The files of a finished run; others in the folder are the trainer's own. */
const FILE =
	/^(run\.json|recipe\.yaml|features\.bin|features-space\.safetensors|adapter\/adapter_(model\.safetensors|config\.json)|checkpoint-[1-9]\d{0,9}\.safetensors)$/;
const MOST_FILES = 1000;
/** Bytes of the list of files. */
const MAX_LIST = 1024 * 1024;

/** Puts a finished run's files. The digest is of the list with their commitments, which some layers make anew at every put. */
export async function publishRun(
	data: DataLayer,
	folder: string,
): Promise<{ readonly digest: Hex; readonly certificate: Hex }> {
	const names = (await readdir(folder, { recursive: true }))
		.map((name) => name.replaceAll("\\", "/"))
		.filter((name) => FILE.test(name))
		.sort();
	const files: Record<string, RunFile> = {};
	for (const name of names) {
		const bytes = await readFile(join(folder, name));
		files[name] = { commitment: await putBlob(data, bytes), sha256: sha256(bytes) };
	}
	const list = utf8(canonicalJson({ version: 1, files }));
	return { digest: sha256(list), certificate: await putBlob(data, list) };
}

/** The list of a run's files; throws `run/bad-bundle` where it is not what the submission names, and the layer's errors. */
export async function readRunBundle(data: DataLayer, certificate: Hex, digest: Hex): Promise<RunBundle> {
	const bytes = await getBlob(data, certificate);
	if (bytes.length > MAX_LIST || sha256(bytes) !== digest) throw bad(`its sha256 is not ${digest}`);
	try {
		const { version, files } = JSON.parse(new TextDecoder().decode(bytes)) as Partial<RunBundle>;
		const entries = Object.entries(files ?? {});
		const isHex = (x: unknown) => typeof x === "string" && /^0x([0-9a-f]{2})+$/.test(x);
		if (version !== 1 || entries.length > MOST_FILES) throw bad("it is of another form");
		for (const [name, file] of entries)
			if (!FILE.test(name) || !isHex(file?.commitment) || !isHex(file?.sha256))
				throw bad(`it names ${JSON.stringify(name)}`);
		return { version: 1, files: files! };
	} catch (cause) {
		throw cause instanceof CallerError ? cause : bad("it is not JSON", cause);
	}
}

/** One file of a run, or undefined where the list has none of that name. Throws `run/bad-bundle` where it is another, and the layer's errors. */
export async function readRunFile(
	data: DataLayer,
	{ files }: RunBundle,
	name: string,
): Promise<Uint8Array | undefined> {
	const file = Object.hasOwn(files, name) ? files[name] : undefined;
	if (file === undefined) return undefined;
	const bytes = await getBlob(data, file.commitment);
	if (sha256(bytes) !== file.sha256) throw bad(`${name} is not the file that was listed`);
	return bytes;
}

/** Brings all files of a run into a folder, where `loadRun` can check them as a whole. */
export async function fetchRun(data: DataLayer, bundle: RunBundle, folder: string): Promise<void> {
	for (const name of Object.keys(bundle.files))
		await writeDurably(join(folder, name), (await readRunFile(data, bundle, name))!);
}

function bad(what: string, cause?: unknown): CallerError {
	return new CallerError(`what the trainer published cannot be used: ${what}`, { code: "run/bad-bundle", cause });
}
