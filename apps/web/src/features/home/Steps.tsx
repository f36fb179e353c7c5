// The way in, for whoever is here for the first time.

import { Link } from "wouter";

const STEPS = [
	{
		href: "/datanets",
		title: "Contribute",
		text: "Drop a file of questions and answers into a datanet. Every row is judged before you sign.",
	},
	{
		href: "/models/new",
		title: "Train",
		text: "Let a model learn from datanets. The run can be taken again by anybody, bit for bit.",
	},
	{
		href: "/playground",
		title: "Ask",
		text: "See which rows moved the answer, and what each of them earns for it.",
	},
] as const;

export function Steps() {
	return (
		<section aria-labelledby="steps">
			<h2 id="steps" className="sr-only">
				Three steps to begin
			</h2>
			<ol className="grid gap-3 sm:grid-cols-3">
				{STEPS.map(({ href, title, text }, i) => (
					<li key={href}>
						<Link
							href={href}
							className="group flex h-full gap-3 rounded-xl border border-line bg-accent-wash/40 p-4 hover:border-accent"
						>
							<span
								aria-hidden="true"
								className="flex size-7 shrink-0 items-center justify-center rounded-full bg-accent text-sm font-semibold text-accent-ink"
							>
								{i + 1}
							</span>
							<span>
								<span className="block font-semibold group-hover:text-accent">{title}</span>
								<span className="mt-0.5 block text-sm text-soft">{text}</span>
							</span>
						</Link>
					</li>
				))}
			</ol>
		</section>
	);
}
