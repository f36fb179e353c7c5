// Somebody's file through the pipeline, before it is contributed: no node, no chain, no wallet.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
	createPipeline,
	evaluationSet,
	formatOf,
	type RowFormat,
	type RowVerdict,
	type StreamProgress,
	type StreamResult,
	streamPipeline,
	streamRows,
} from "@openledger/datanet";
import { CallerError } from "@openledger/protocol";

export type CheckFile = {
	readonly format?: RowFormat | undefined;
	/** SPDX expressions: of the file's rows, and of the datanet they are meant for (default: the same). */
	readonly licence?: string | undefined;
	readonly datanetLicence?: string | undefined;
	/** `paid` (default): answers of the datanet's models are sold. */
	readonly usage?: "paid" | "open" | undefined;
	readonly languages?: readonly string[] | undefined;
	/** File of a JSON schema. */
	readonly schema?: string | undefined;
	/** Files of evaluation sets, whose rows must not be trained on. */
	readonly evaluation?: readonly string[] | undefined;
	/** Keeps verdicts, accepted rows and what a restart needs; default: a folder that is removed. */
	readonly dir?: string | undefined;
	readonly onProgress?: ((progress: StreamProgress) => void) | undefined;
};

export type CheckedFile = StreamResult & {
	/** The first rows with something to say; all of them are in the folder's verdicts.jsonl. */
	readonly verdicts20: readonly RowVerdict[];
};

const SHOWN = 20;
const MAX_EVALUATION_ROWS = 200_000;

/** Streams the file through the checks; throws what reading, the policy and the folder's state throw. */
export async function checkFile(path: string, options: CheckFile = {}): Promise<CheckedFile> {
	const { format = formatOf(path), licence, datanetLicence = licence, usage = "paid", languages, onProgress } = options;
	const pipeline = await createPipeline({
		...(licence !== undefined && { licence: { rows: licence, datanet: datanetLicence!, usage } }),
		...(languages !== undefined && { languages }),
		...(options.schema !== undefined && { schema: readSchema(options.schema) }),
		evaluationSets: await Promise.all((options.evaluation ?? []).map(readEvaluation)),
	});
	const dir = options.dir ?? mkdtempSync(join(tmpdir(), "openledger-check-"));
	try {
		const report = await streamPipeline(pipeline, path, { format, dir, ...(onProgress && { onProgress }) });
		return { ...report, verdicts20: firstVerdicts(join(dir, "verdicts.jsonl")) };
	} finally {
		if (options.dir === undefined) rmSync(dir, { recursive: true, force: true });
	}
}

function firstVerdicts(file: string): RowVerdict[] {
	const lines = readFileSync(file, "utf8").split("\n", SHOWN);
	return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as RowVerdict);
}

function readSchema(file: string): unknown {
	try {
		return JSON.parse(readFileSync(file, "utf8"));
	} catch (cause) {
		throw new CallerError(`${file} holds no JSON; give the file of a JSON schema`, {
			code: "datanet/bad-schema",
			cause,
		});
	}
}

/** The questions and answers of a file, under the file's name. */
async function readEvaluation(file: string) {
	const texts: string[] = [];
	for await (const batch of streamRows(file, formatOf(file))) {
		for (const { row } of batch) if (!("code" in row)) texts.push(row.prompt, row.response);
		if (texts.length > 2 * MAX_EVALUATION_ROWS) {
			throw new CallerError(`${file} has more than ${MAX_EVALUATION_ROWS} rows; give a smaller evaluation set`, {
				code: "datanet/bad-evaluation-set",
			});
		}
	}
	const name = file
		.split(/[/\\]/)
		.at(-1)!
		.toLowerCase()
		.replace(/[^a-z0-9._-]/g, "-")
		.replace(/^[^a-z0-9]+/, "");
	return evaluationSet(name.slice(0, 64) || "evaluation", texts);
}
