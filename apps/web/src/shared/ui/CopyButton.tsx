// Copies a text; says that it did.

import { useEffect, useState } from "react";

const SHOWN_MS = 1500;

export function CopyButton({ text, label = "Copy" }: { readonly text: string; readonly label?: string }) {
	const [said, setSaid] = useState("");
	useEffect(() => {
		if (said === "") return;
		const timer = setTimeout(() => setSaid(""), SHOWN_MS);
		return () => clearTimeout(timer);
	}, [said]);
	const copy = () =>
		navigator.clipboard.writeText(text).then(
			() => setSaid("Copied"),
			() => setSaid("Could not copy"),
		);
	return (
		<button
			type="button"
			onClick={copy}
			aria-label={said === "" ? `${label} ${text.slice(0, 12)}` : said}
			title={said === "" ? label : said}
			className="rounded p-1 text-soft hover:text-accent"
		>
			<svg
				viewBox="0 0 16 16"
				className="size-3.5"
				fill="none"
				stroke="currentColor"
				strokeWidth="1.5"
				aria-hidden="true"
			>
				{said === "Copied" ? <path d="m3 8.5 3.2 3L13 4.5" /> : <path d="M5.5 5.5V3h7.5v7.5h-2.5M3 5.5h7.5V13H3z" />}
			</svg>
		</button>
	);
}
