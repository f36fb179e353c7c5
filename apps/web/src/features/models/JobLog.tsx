// What a training said of itself, the latest last.

import { Card } from "../../shared/ui/Card.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { UntrustedText } from "../../shared/ui/UntrustedText.js";
import type { JobStatus } from "./modelTypes.js";
import { useJobLines } from "./useJobs.js";

export function JobLog({ id, status }: { readonly id: string; readonly status: JobStatus }) {
	const lines = useJobLines(id, status);
	return (
		<Card title="Log">
			<QueryView
				query={lines}
				lines={8}
				isEmpty={(all) => all.length === 0}
				empty={<p className="text-sm text-soft">Nothing was written down of this run.</p>}
			>
				{(all) => (
					// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
					<section className="max-h-96 overflow-y-auto" aria-label="Log of the run" tabIndex={0}>
						<ol className="flex flex-col gap-1 font-mono text-xs">
							{all.map(({ sequence, at, line }) => (
								<li key={sequence} className="flex gap-3">
									<time dateTime={new Date(at).toISOString()} className="shrink-0 text-soft">
										{new Date(at).toISOString().slice(11, 19)}
									</time>
									<UntrustedText text={line} max={500} />
								</li>
							))}
						</ol>
					</section>
				)}
			</QueryView>
		</Card>
	);
}
