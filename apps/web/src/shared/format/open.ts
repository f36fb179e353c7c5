// Amounts for people. Wei are decimal strings or bigints; OPEN has 18 decimals. Never through a floating point number.

const DECIMALS = 18;

/** "1.25", "0.000031", "< 0.000001": up to `places` decimals, zeros cut off, rounded down so that nobody seems to have more than they have. */
export function formatOpen(wei: bigint | string, places = 6): string {
	const value = typeof wei === "string" ? BigInt(wei) : wei;
	const sign = value < 0n ? "−" : "";
	const positive = value < 0n ? -value : value;
	const whole = positive / 10n ** BigInt(DECIMALS);
	const rest = (positive % 10n ** BigInt(DECIMALS))
		.toString()
		.padStart(DECIMALS, "0")
		.slice(0, places)
		.replace(/0+$/, "");
	if (positive > 0n && whole === 0n && rest === "")
		return `${sign}< ${places === 0 ? "1" : `0.${"0".repeat(places - 1)}1`}`;
	return `${sign}${grouped(whole.toString())}${rest === "" ? "" : `.${rest}`}`;
}

/** All 18 decimals, zeros cut off. */
export const exactOpen = (wei: bigint | string): string => formatOpen(wei, DECIMALS);

/** "12.5" to wei; undefined where it is no amount. */
export function parseOpen(text: string): bigint | undefined {
	const found = /^(\d{1,12})(?:\.(\d{1,18}))?$/.exec(text.trim());
	if (found === null) return undefined;
	return BigInt(found[1]!) * 10n ** BigInt(DECIMALS) + BigInt((found[2] ?? "").padEnd(DECIMALS, "0"));
}

/** "4.2 %" of parts per million. */
export function formatPpm(ppm: number): string {
	if (ppm > 0 && ppm < 100) return "< 0.01 %";
	return `${(ppm / 10_000).toFixed(ppm >= 100_000 ? 1 : 2)} %`;
}

export function formatCount(n: number | bigint | string): string {
	return grouped(String(n));
}

function grouped(digits: string): string {
	return digits.replace(/\B(?=(\d{3})+$)/g, "\u202f");
}
