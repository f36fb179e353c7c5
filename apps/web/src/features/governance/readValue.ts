// A constant's new value as people type it, in the unit that its name says. Whole numbers throughout: no floating point.

import { unitOf } from "../../shared/format/parameter.js";

const UNITS: Readonly<Record<string, readonly [string, bigint]>> = {
	OPEN: ["OPEN", 10n ** 18n],
	s: ["s", 1n],
	min: ["s", 60n],
	h: ["s", 3600n],
	d: ["s", 86_400n],
};

/** "2 h" of seconds, "12.5" of OPEN, "5 %" or "5"; undefined where it is no such value, or has more decimals than its unit counts. */
export function readValue(key: string, text: string): bigint | undefined {
	const found = /^(\d{1,40})(?:\.(\d{1,18}))?\s*(OPEN|s|min|h|d|%)?$/.exec(text.trim());
	if (found === null) return undefined;
	const [, whole = "", fraction = "", typed] = found;
	const wanted = unitOf(key);
	const unit = typed ?? wanted;
	let times = 1n;
	if (wanted === "%") {
		if (unit !== "%") return undefined;
		times = key.endsWith("Ppm") ? 10_000n : 1n;
	} else if (wanted === "") {
		if (typed !== undefined) return undefined;
	} else {
		const known = UNITS[unit];
		if (known?.[0] !== wanted) return undefined;
		times = known[1];
	}
	const scaled = BigInt(whole + fraction) * times;
	const divisor = 10n ** BigInt(fraction.length);
	return scaled % divisor === 0n ? scaled / divisor : undefined;
}
