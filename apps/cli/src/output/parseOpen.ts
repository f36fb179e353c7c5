// Amounts of OPEN as people type them. It must not know what they pay for.

import { InvalidArgumentError } from "commander";
import { usage } from "../errors.js";

const DECIMALS = 18;

/** "0.01" OPEN in wei, exactly. */
export function parseOpen(value: string): bigint {
	const [, units, part = ""] = /^(\d{1,9})(?:\.(\d{1,18}))?$/.exec(value) ?? [];
	if (units === undefined) throw new InvalidArgumentError("It must be an amount of OPEN such as 0.01.");
	return BigInt(units + part.padEnd(DECIMALS, "0"));
}

/** The same for an argument: throws `cli/usage`. */
export function openArgument(value: string): bigint {
	try {
		return parseOpen(value);
	} catch {
		throw usage(`${JSON.stringify(value)} is no amount; give OPEN such as 1 or 0.5`);
	}
}
