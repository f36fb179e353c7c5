// Dark or light; at first as the system has it.

import { useEffect, useState } from "react";

/** Kept by public/theme.js, which hears of the system's changes first. */
const isDark = () => document.documentElement.dataset.theme === "dark";

export function ThemeButton() {
	const [dark, setDark] = useState(isDark);
	useEffect(() => {
		const system = matchMedia("(prefers-color-scheme: dark)");
		const look = () => setDark(isDark());
		system.addEventListener("change", look);
		return () => system.removeEventListener("change", look);
	}, []);
	const turn = () => {
		const theme = dark ? "light" : "dark";
		document.documentElement.dataset.theme = theme;
		try {
			localStorage.setItem("openledger.theme", theme);
		} catch {
			// Without storage it holds for this page.
		}
		setDark(!dark);
	};
	return (
		<button
			type="button"
			onClick={turn}
			aria-label={dark ? "Use the light theme" : "Use the dark theme"}
			className="rounded-lg border border-line p-2 text-soft hover:text-accent"
		>
			<svg
				viewBox="0 0 16 16"
				className="size-4"
				aria-hidden="true"
				fill="none"
				stroke="currentColor"
				strokeWidth="1.4"
			>
				{dark ? (
					<path d="M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6ZM8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3 3l1.2 1.2M11.8 11.8 13 13M13 3l-1.2 1.2M4.2 11.8 3 13" />
				) : (
					<path d="M13.5 9.6A6 6 0 0 1 6.4 2.5a6 6 0 1 0 7.1 7.1Z" />
				)}
			</svg>
		</button>
	);
}
