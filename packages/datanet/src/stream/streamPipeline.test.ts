import { spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { createPipeline } from "../pipeline/createPipeline.js";
import { runPipeline } from "../pipeline/runPipeline.js";
import { readRows } from "../reading/readRows.js";
import { streamPipeline } from "./streamPipeline.js";

const folder = () => mkdtempSync(join(tmpdir(), "stream-"));
const pipeline = await createPipeline();

/** Rows of every kind: facts, copies of earlier ones, near copies, personal data, broken lines. */
function lines(count: number): string[] {
	const names = "Aldo Brevik Corran Dumas Elmoro Fendt Gorka Halva Ister Jonsk Kelda Lurik Morav".split(" ");
	const fact = (n: number) => {
		const name = `${names[n % 13]}${names[(n * 5 + 3) % 11]!.toLowerCase()}${n}`;
		return {
			prompt: `Who was ${name}?`,
			response: `${name} drew maps of ${names[(n * 7) % 13]} and died in ${1500 + (n % 500)}.`,
		};
	};
	return Array.from({ length: count }, (_, n) => {
		if (n % 11 === 5) return JSON.stringify(fact(n - 5));
		if (n % 13 === 7) return JSON.stringify({ ...fact(n - 6), prompt: fact(n - 6).prompt.toUpperCase() });
		if (n % 17 === 3) return JSON.stringify({ prompt: `Who is ${n}?`, response: `Write to person${n}@post.pe` });
		if (n % 97 === 0) return '{"prompt": "half';
		return JSON.stringify(fact(n));
	});
}

test("default: a stream gives what a run in memory gives, and says it again when asked again", async () => {
	const file = join(folder(), "rows.jsonl");
	writeFileSync(file, `${lines(1500).join("\n")}\n`);
	const existing = [
		{ prompt: "Which river flows through the town number 10 of the list?", response: "The Nile.", cluster: 4 },
	];
	const elsewhere = [{ prompt: "Who is Ada?", response: "A mathematician of the nineteenth century." }];
	const dir = folder();
	const streamed = await streamPipeline(pipeline, file, { format: "jsonl", dir, existing, elsewhere });
	const { rows, rejected } = readRows(file, { format: "jsonl" });
	const inMemory = runPipeline(pipeline, { rows, rejected, existing, elsewhere });
	expect(streamed).toMatchObject(inMemory.report);
	expect(streamed.resumedAt).toBe(0);
	const kept = readFileSync(join(dir, "accepted.jsonl"), "utf8").trim().split("\n");
	expect(kept.map((line) => JSON.parse(line))).toEqual(inMemory.accepted);
	const told = readFileSync(join(dir, "verdicts.jsonl"), "utf8").trim().split("\n");
	const withFindings = inMemory.verdicts.filter(({ findings }) => findings.length > 0);
	expect(told.map((line) => JSON.parse(line).line)).toEqual(withFindings.map(({ line }) => line));
	expect(await streamPipeline(pipeline, file, { format: "jsonl", dir })).toEqual(streamed);
});

test("behavior: killed twice with kill -9, a stream goes on and its files are the same, byte for byte", async () => {
	const file = join(folder(), "rows.jsonl");
	writeFileSync(file, `${lines(4000).join("\n")}\n`);
	const [straight, killed] = [folder(), folder()];
	const program = inject("programs")["packages/datanet/src/stream/testing/streamFile.ts"];
	for (const at of [1024, 3072]) {
		const child = spawn(process.execPath, [program, file, killed], { stdio: ["ignore", "pipe", "inherit"] });
		let said = "";
		child.stdout.on("data", (data: Buffer) => {
			said += data.toString();
			if (said.includes(`${at}\n`)) child.kill("SIGKILL");
		});
		await new Promise((done) => child.on("close", done));
		expect(said).not.toContain("done");
	}
	// What a kill leaves behind the checkpoint is no part of it.
	for (const name of ["accepted.jsonl", "keys", "verdicts.jsonl"]) appendFileSync(join(killed, name), "half a li");
	const resumed = await streamPipeline(pipeline, file, { format: "jsonl", dir: killed });
	expect(resumed.resumedAt).toBe(3072);
	await streamPipeline(pipeline, file, { format: "jsonl", dir: straight, checkpointRows: 1024 });
	for (const name of ["accepted.jsonl", "keys", "verdicts.jsonl"]) {
		expect(readFileSync(join(killed, name)).equals(readFileSync(join(straight, name)))).toBe(true);
	}
	const report = JSON.parse(readFileSync(join(straight, "report.json"), "utf8")) as object;
	expect({ ...resumed, resumedAt: 0 }).toEqual(report);
	expect(readdirSync(killed).sort()).toEqual(readdirSync(straight).sort());
}, 180_000);

test("behavior: a folder goes on with its own file and pipeline alone", async () => {
	const file = join(folder(), "rows.jsonl");
	writeFileSync(file, lines(20).join("\n"));
	const dir = folder();
	await streamPipeline(pipeline, file, { format: "jsonl", dir });
	const other = await createPipeline({ languages: ["en"] });
	await expect(streamPipeline(other, file, { format: "jsonl", dir })).rejects.toMatchObject({
		code: "datanet/other-run",
	});
	appendFileSync(file, "\n{}");
	await expect(streamPipeline(pipeline, file, { format: "jsonl", dir })).rejects.toMatchObject({
		code: "datanet/other-run",
	});
	writeFileSync(join(dir, "checkpoint.json"), "{");
	await expect(streamPipeline(pipeline, file, { format: "jsonl", dir })).rejects.toMatchObject({
		code: "datanet/state-damaged",
	});
	const empty = join(folder(), "empty.jsonl");
	writeFileSync(empty, "\n\n");
	await expect(streamPipeline(pipeline, empty, { format: "jsonl", dir: folder() })).rejects.toMatchObject({
		code: "datanet/no-rows",
	});
});
