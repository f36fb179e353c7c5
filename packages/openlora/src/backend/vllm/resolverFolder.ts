// The folder from which vLLM's filesystem resolver takes adapters: `<folder>/<name>/adapter_config.json` beside
// `adapter_model.safetensors`, where <name> is what requests call the adapter. Names begin with the adapter's identity, so other
// weights have another name and what vLLM has in memory under a name is never stale. It must not know of connections.

import { constants } from "node:fs";
import { copyFile, mkdir, mkdtemp, rename, rm, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type AdapterFolder, adapterIdentity, CONFIG_FILE, checkTensors, MODEL_FILE } from "./adapterFolder.js";

/** Hexadecimal digits of the identity in a name: 128 bits. */
const IDENTITY_DIGITS = 32;
const NAME_CHARACTERS = 80;

export interface PutAdapter {
	readonly identity: `0x${string}`;
	/** What vLLM calls it, and the folder's name. */
	readonly servedName: string;
}

/** `<32 digits of the identity>-<name>`, with what is no plain character of a file name replaced. */
export function servedNameOf(identity: `0x${string}`, name: string): string {
	const plain = name.replace(/[^A-Za-z0-9._-]/g, "_").slice(0, NAME_CHARACTERS);
	return `${identity.slice(2, 2 + IDENTITY_DIGITS)}-${plain}`;
}

/**
 * Copies an adapter into the resolver's folder, whole or not at all; there already, it is left as it is. The config names
 * `baseRoot`, vLLM's own name of the model, as the resolver passes over adapters of other bases.
 */
export async function putAdapter(
	resolverFolder: string,
	name: string,
	adapter: AdapterFolder,
	baseRoot: string,
): Promise<PutAdapter> {
	await mkdir(resolverFolder, { recursive: true });
	const staged = await mkdtemp(join(resolverFolder, ".new-"));
	try {
		const model = join(staged, MODEL_FILE);
		// The copy is what is checked and named, so that a file which changes meanwhile cannot pass for another.
		await copyFile(join(adapter.folder, MODEL_FILE), model, constants.COPYFILE_FICLONE);
		await checkTensors(model);
		const identity = await adapterIdentity(adapter, model);
		const servedName = servedNameOf(identity, name);
		const config = { ...adapter.config, base_model_name_or_path: baseRoot };
		await writeFile(join(staged, CONFIG_FILE), `${JSON.stringify(config, null, 2)}\n`);
		const place = join(resolverFolder, servedName);
		if ((await stat(place).catch(() => undefined)) === undefined) {
			await rename(staged, place).catch(async (cause: NodeJS.ErrnoException) => {
				// Another server may have put the same one there in between.
				if (cause.code !== "ENOTEMPTY" && cause.code !== "EEXIST") throw cause;
			});
		}
		return { identity, servedName };
	} finally {
		await rm(staged, { recursive: true, force: true });
	}
}

/** Takes an adapter out again; one that is not there is out already. */
export async function removeAdapter(resolverFolder: string, servedName: string): Promise<void> {
	const place = resolve(resolverFolder, servedName);
	if (/^[0-9a-f]{32}-[A-Za-z0-9._-]+$/.test(servedName)) await rm(place, { recursive: true, force: true });
}
