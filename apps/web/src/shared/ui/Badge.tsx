// A state in one word. The word says it; the colour only repeats it.

import type { ReactNode } from "react";

export type Tone = "plain" | "good" | "warn" | "bad" | "accent";

const TONES: Readonly<Record<Tone, string>> = {
	plain: "bg-sunken text-soft",
	good: "bg-good-wash text-good",
	warn: "bg-warn-wash text-warn",
	bad: "bg-bad-wash text-bad",
	accent: "bg-accent-wash text-accent",
};

export function Badge({ tone = "plain", children }: { readonly tone?: Tone; readonly children: ReactNode }) {
	return (
		<span className={`inline-flex items-center rounded-full px-2 py-0.5 text-xs font-medium ${TONES[tone]}`}>
			{children}
		</span>
	);
}
