// Something to know before going on, or what went wrong. Errors are spoken by screen readers as they come.

import type { ReactNode } from "react";

type NoticeProps = {
	readonly tone?: "plain" | "good" | "warn" | "bad";
	readonly title?: string;
	readonly children?: ReactNode;
	readonly action?: ReactNode;
};

const TONES = {
	plain: "border-line bg-sunken text-ink",
	good: "border-good/40 bg-good-wash text-good",
	warn: "border-warn/40 bg-warn-wash text-warn",
	bad: "border-bad/40 bg-bad-wash text-bad",
} as const;

export function Notice({ tone = "plain", title, children, action }: NoticeProps) {
	return (
		<div
			role={tone === "bad" ? "alert" : "status"}
			className={`flex flex-wrap items-center justify-between gap-3 rounded-lg border px-4 py-3 text-sm ${TONES[tone]}`}
		>
			<div className="min-w-0 [overflow-wrap:anywhere]">
				{title !== undefined && <div className="font-semibold">{title}</div>}
				{children}
			</div>
			{action}
		</div>
	);
}
