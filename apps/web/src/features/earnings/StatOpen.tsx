// One sum in OPEN, short enough for a narrow screen; all its decimals on hover.

import type { ReactNode } from "react";
import { exactOpen, formatOpen } from "../../shared/format/open.js";
import { Stat } from "../../shared/ui/Stat.js";

const ONE = 10n ** 18n;

type StatOpenProps = { readonly label: string; readonly wei: bigint | string | undefined; readonly note: ReactNode };

export function StatOpen({ label, wei, note }: StatOpenProps) {
	const places = wei !== undefined && BigInt(wei) >= ONE ? 2 : 6;
	const value = wei === undefined ? undefined : <span title={`${exactOpen(wei)} OPEN`}>{formatOpen(wei, places)}</span>;
	return <Stat label={`${label}, OPEN`} value={value} note={note} />;
}
