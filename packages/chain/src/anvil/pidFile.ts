// Remembers which anvil a folder has, so that the next start finds one left behind by kill -9. It must never touch a
// process that is not that very anvil: pids are reused.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { CallerError } from "@openledger/protocol";
import { inspectProcess } from "./processes.js";

type PidRecord = { readonly pid: number; readonly owner: number; readonly stateFile: string };

const END_MS = 10_000;

export function writePidFile(file: string, record: PidRecord): void {
	writeFileSync(file, `${JSON.stringify(record)}\n`);
}

export function removePidFile(file: string): void {
	rmSync(file, { force: true });
}

/** Ends the anvil a dead node left behind; throws `anvil/in-use` if its node still lives. Returns whether it ended one. */
export async function endOrphan(file: string, stateFile: string): Promise<boolean> {
	const record = read(file);
	if (record === undefined || record.stateFile !== stateFile) return false;
	if (!isOurs(record)) return false;
	if (inspectProcess(record.pid)?.parent === record.owner) {
		throw new CallerError(
			`process ${record.owner} runs a chain on ${stateFile} already; stop it first, or choose another home folder`,
			{ code: "anvil/in-use", details: { owner: record.owner, anvil: record.pid } },
		);
	}
	// SIGTERM lets it write its state; a state cut short would only cost a replay of the journal.
	signal(record.pid, "SIGTERM");
	if (!(await gone(record, END_MS))) {
		signal(record.pid, "SIGKILL");
		await gone(record, END_MS);
	}
	removePidFile(file);
	return true;
}

function isOurs(record: PidRecord): boolean {
	const facts = inspectProcess(record.pid);
	return facts?.command.includes("anvil") === true && facts.command.includes(record.stateFile);
}

async function gone(record: PidRecord, withinMs: number): Promise<boolean> {
	for (let waited = 0; waited < withinMs; waited += 20) {
		if (!isOurs(record)) return true;
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
	return !isOurs(record);
}

function signal(pid: number, name: NodeJS.Signals): void {
	try {
		process.kill(pid, name);
	} catch {
		// It ended by itself in between.
	}
}

function read(file: string): PidRecord | undefined {
	try {
		const record = JSON.parse(readFileSync(file, "utf8")) as Partial<PidRecord>;
		const { pid, owner, stateFile } = record;
		if (!Number.isSafeInteger(pid) || !Number.isSafeInteger(owner) || typeof stateFile !== "string") return undefined;
		return { pid: pid!, owner: owner!, stateFile };
	} catch {
		return undefined;
	}
}
