// A run's folder: every file is written whole to a temporary name, flushed, then renamed, so a kill leaves the old or the new one.

import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { RUN_FILES } from "./runFiles.js";

/** Writes a file atomically and durably. */
export async function writeDurably(path: string, content: Uint8Array | string): Promise<void> {
	await mkdir(dirname(path), { recursive: true });
	const temporary = `${path}.writing`;
	const file = await open(temporary, "w");
	try {
		await file.writeFile(content);
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

/** The file's bytes, or undefined where there is none. */
export async function readIfThere(path: string): Promise<Uint8Array | undefined> {
	try {
		return await readFile(path);
	} catch (cause) {
		if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
		throw cause;
	}
}

/** The path of a run's file by its name, whose parts are divided by "/". */
export const runFile = (directory: string, name: string): string => join(directory, ...name.split("/"));

export const files = (directory: string) => {
	const path = (name: string) => runFile(directory, name);
	return {
		progress: path("progress.safetensors"),
		log: path("progress.json"),
		recipe: path("recipe.yaml"),
		best: path("best.safetensors"),
		checkpoint: (step: number) => path(RUN_FILES.checkpoint(step)),
		features: path(RUN_FILES.features),
		space: path(RUN_FILES.space),
		adapterModel: path(RUN_FILES.adapterModel),
		adapterConfig: path(RUN_FILES.adapterConfig),
		run: path(RUN_FILES.run),
	};
};
