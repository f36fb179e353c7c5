// What stands around every page: name, ways, search, wallet, theme; and whether the node is there.

import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { Link, useLocation } from "wouter";
import { WalletButton } from "../shared/wallet/WalletButton.js";
import { NodeBanner } from "./NodeBanner.js";
import { ThemeButton } from "./ThemeButton.js";

const WAYS = [
	["/", "Home"],
	["/datanets", "Datanets"],
	["/models", "Models"],
	["/playground", "Playground"],
	["/receipts", "Receipts"],
	["/earnings", "Earnings"],
	["/stake", "Stake"],
	["/governance", "Governance"],
	["/network", "Network"],
] as const;

export function Frame({ children }: { readonly children: ReactNode }) {
	const [path] = useLocation();
	const ways = useRef<HTMLElement>(null);
	useEffect(() => {
		if (path !== "") scrollTo(0, 0);
		// On a narrow screen not all ways are in sight; the one that is open should be.
		const [nav, here] = [ways.current, ways.current?.querySelector<HTMLElement>("[aria-current]")];
		if (nav != null && here != null) nav.scrollLeft = here.offsetLeft - (nav.clientWidth - here.offsetWidth) / 2;
	}, [path]);
	return (
		<div className="flex min-h-screen flex-col">
			<a
				href="#main"
				className="sr-only focus:not-sr-only focus:absolute focus:z-10 focus:m-2 focus:rounded focus:bg-card focus:p-2"
			>
				Skip to the page
			</a>
			<header className="border-b border-line bg-card">
				<div className="mx-auto flex max-w-7xl flex-wrap items-center gap-x-2 gap-y-2 px-4 py-2.5 sm:gap-x-4">
					<Link href="/" className="flex items-center gap-2 font-semibold">
						<img src="/icon.svg" alt="" width="24" height="24" />
						OpenLedger
					</Link>
					<SearchBox />
					<div className="ml-auto flex items-center gap-2">
						<ThemeButton />
						<WalletButton />
					</div>
				</div>
				<nav aria-label="Pages" ref={ways} className="relative mx-auto max-w-7xl overflow-x-auto px-2">
					<ul className="flex">
						{WAYS.map(([href, name]) => {
							const isHere = href === "/" ? path === "/" : path.startsWith(href);
							return (
								<li key={href}>
									<Link
										href={href}
										aria-current={isHere ? "page" : undefined}
										className={`block border-b-2 px-3 py-2 text-sm font-medium whitespace-nowrap ${isHere ? "border-accent text-ink" : "border-transparent text-soft hover:text-ink"}`}
									>
										{name}
									</Link>
								</li>
							);
						})}
					</ul>
				</nav>
			</header>
			<NodeBanner />
			<main id="main" className="mx-auto min-h-svh w-full max-w-7xl flex-1 px-4 py-6">
				{children}
			</main>
			<footer className="mx-auto w-full max-w-7xl px-4 py-6 text-xs text-soft">
				All of this comes from the node at {location.host} and its chain. Nothing is sent anywhere else.
			</footer>
		</div>
	);
}

function SearchBox() {
	const [, go] = useLocation();
	const [text, setText] = useState("");
	const search = (event: FormEvent) => {
		event.preventDefault();
		if (text.trim() !== "") go(`/search?q=${encodeURIComponent(text.trim().slice(0, 200))}`);
	};
	return (
		<search className="order-last w-full sm:order-none sm:w-80 lg:w-104">
			<form onSubmit={search}>
				<input
					type="search"
					aria-label="Search an address, datanet, model, receipt or transaction"
					placeholder="Address, datanet, model, receipt, transaction"
					value={text}
					maxLength={200}
					onChange={(event) => setText(event.target.value)}
					className="min-h-9 w-full rounded-lg border border-line bg-ground px-3 py-1 text-sm placeholder:text-soft"
				/>
			</form>
		</search>
	);
}
