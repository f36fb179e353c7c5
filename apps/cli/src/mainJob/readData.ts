// What the main job is run on: the files and questions somebody names, or the datanet the project ships.

import { readdirSync, readFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { MainJob } from "@openledger/node";
import { unusable, usage } from "../errors.js";

export type NamedData = { readonly data?: readonly string[] | undefined; readonly ask?: readonly string[] | undefined };

const SHIPPED = fileURLToPath(new URL("../../../../examples/world", import.meta.url));
const MODEL_NAME = 40;

/** Reads everything now, so that a missing file is known before anything begins. */
export function readMainJob({ data, ask }: NamedData): MainJob {
	const asked = ask?.map((prompt) => ({ prompt }));
	if (data !== undefined) {
		const files = data.map((file) => ({ name: file, content: read(file) }));
		return { data: files, datanet: nameOf(data[0]!), ...(asked && { questions: asked }) };
	}
	const shipped = readdirSync(SHIPPED)
		.filter((file) => file.endsWith(".jsonl"))
		.sort();
	const files = shipped.map((name) => ({ name, content: read(join(SHIPPED, name)) }));
	const questions = asked ?? JSON.parse(read(join(SHIPPED, "questions.json")).toString("utf8"));
	return { data: files, questions, datanet: "world" };
}

function read(file: string): Buffer {
	try {
		return readFileSync(file);
	} catch (cause) {
		throw unusable(file, cause);
	}
}

/** A datanet's name from a file's: what models may be called. */
function nameOf(file: string): string {
	if (![".jsonl", ".csv"].includes(extname(file))) {
		throw usage(
			`${file}: data is JSON Lines (.jsonl) or CSV (.csv) with contributor, prompt and response, or another form of rows`,
		);
	}
	const plain = basename(file, extname(file))
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, "-");
	const name = plain.replace(/^-+/, "").slice(0, MODEL_NAME).replace(/-+$/, "");
	return name === "" ? "data" : name;
}
