// Where a ledger command reads from when no node tells it. It must not talk to anybody.

import { readFileSync } from "node:fs";
import { usage } from "../errors.js";

/** Contract names and addresses, from a file as GET /api/status has them under `addresses`. */
export function readAddresses(file: string): unknown {
	let text: string;
	try {
		text = readFileSync(file, "utf8");
	} catch (cause) {
		throw usage(`${file} cannot be read: ${(cause as Error).message}`);
	}
	try {
		const value = JSON.parse(text) as Record<string, unknown>;
		return typeof value.addresses === "object" && value.addresses !== null ? value.addresses : value;
	} catch {
		throw usage(`${file} is no JSON; it must be an object of contract names and addresses`);
	}
}
