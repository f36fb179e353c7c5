// Amounts for people. Programs get wei.

/** Wei as OPEN with six decimals, cut, never rounded up. */
export function sayOpen(wei: bigint): string {
	const micros = wei / 10n ** 12n;
	return `${micros / 1_000_000n}.${(micros % 1_000_000n).toString().padStart(6, "0")} OPEN`;
}
