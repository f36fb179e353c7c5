// Numbers as people read them. Exact values are in the JSON.

const OPEN = 10n ** 18n;
const DECIMALS = 6;

/** Wei as OPEN with six decimals, rounded down; what is smaller shows as "<0.000001". */
export function open(wei: bigint | string): string {
	const exact = BigInt(wei);
	const unit = OPEN / 10n ** BigInt(DECIMALS);
	if (exact > 0n && exact < unit) return `<0.${"0".repeat(DECIMALS - 1)}1`;
	const whole = (exact / OPEN).toString().replace(/\B(?=(\d{3})+$)/g, ",");
	return `${whole}.${((exact % OPEN) / unit).toString().padStart(DECIMALS, "0")}`;
}

/** Parts per million as percent with one decimal. */
export function percent(ppm: number): string {
	return `${(ppm / 10_000).toFixed(1)}%`;
}

export function seconds(value: number): string {
	if (value < 10) return `${value.toFixed(1)} s`;
	return value < 120 ? `${Math.round(value)} s` : `${Math.floor(value / 60)} min ${Math.round(value % 60)} s`;
}

/** "1 row", "2 rows". */
export function counted(n: number, what: string): string {
	return `${n.toLocaleString("en-US")} ${what}${n === 1 ? "" : "s"}`;
}

/** The first and last digits of a digest or an address. */
export function short(hex: string): string {
	return hex.length > 18 ? `${hex.slice(0, 10)}…${hex.slice(-6)}` : hex;
}
