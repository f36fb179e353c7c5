// Buttons, and links that look like them. `busy` keeps the width and says so to screen readers.

import type { ButtonHTMLAttributes, ReactNode } from "react";
import { Link } from "wouter";

type Kind = "primary" | "plain" | "danger";

const BASE =
	"inline-flex min-h-9 items-center justify-center gap-2 rounded-lg px-3 py-1.5 text-sm font-medium disabled:opacity-50";
const KINDS: Readonly<Record<Kind, string>> = {
	primary: "bg-accent text-accent-ink hover:brightness-110",
	plain: "border border-line bg-card hover:border-accent",
	danger: "border border-bad text-bad hover:bg-bad-wash",
};

type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & { readonly kind?: Kind; readonly busy?: boolean };

export function Button({ kind = "plain", busy = false, disabled, className = "", children, ...rest }: ButtonProps) {
	return (
		<button
			type="button"
			{...rest}
			disabled={disabled || busy}
			aria-busy={busy}
			className={`${BASE} ${KINDS[kind]} ${className}`}
		>
			{busy && (
				<span
					aria-hidden="true"
					className="size-3.5 animate-spin rounded-full border-2 border-current border-t-transparent"
				/>
			)}
			{children}
		</button>
	);
}

type ButtonLinkProps = {
	readonly href: string;
	readonly kind?: Kind;
	readonly children: ReactNode;
	readonly download?: string;
};

/** Within the app by its router; with `download`, a file of the node. */
export function ButtonLink({ href, kind = "plain", children, download }: ButtonLinkProps) {
	const look = `${BASE} ${KINDS[kind]}`;
	if (download === undefined) {
		return (
			<Link href={href} className={look}>
				{children}
			</Link>
		);
	}
	return (
		<a href={href} download={download} className={look}>
			{children}
		</a>
	);
}
