// A hash, id or address: shortened, whole on hover, copied by a click, a link where it has a page.

import { Link } from "wouter";
import { CopyButton } from "./CopyButton.js";

type HashProps = {
	readonly value: string;
	/** The page about it. */
	readonly href?: string;
	/** Shown instead of the digits, where it has a name. */
	readonly name?: string;
	readonly copy?: boolean;
};

export const shortHash = (value: string): string =>
	value.length > 14 ? `${value.slice(0, 8)}…${value.slice(-4)}` : value;

export function Hash({ value, href, name, copy = true }: HashProps) {
	const text = name ?? shortHash(value);
	const look = name === undefined ? "font-mono text-[0.92em]" : "";
	return (
		<span className="inline-flex max-w-full items-center gap-1 whitespace-nowrap">
			{href === undefined ? (
				<span className={`${look} truncate`} title={value}>
					{text}
				</span>
			) : (
				<Link href={href} className={`${look} truncate text-accent underline-offset-2 hover:underline`} title={value}>
					{text}
				</Link>
			)}
			{copy && <CopyButton text={value} />}
		</span>
	);
}
