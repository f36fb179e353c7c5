// How a verification ended, in words: what it shows, what it does not, and how likely a fraud of a given size would have been found.

import { visibleText } from "../../shared/format/visibleText.js";
import { Notice } from "../../shared/ui/Notice.js";
import type { Verified } from "../../shared/verification/messages.js";
import { formatBytes, formatMilliseconds } from "./measures.js";
import type { Verification } from "./useVerification.js";
import { STEPS } from "./words.js";

export function VerifyResult({ verification }: { readonly verification: Verification }) {
	const { state, verified, message, ended, running } = verification;
	if (state === "stopped") {
		const at = STEPS.find(([what]) => what === running?.what)?.[1];
		return (
			<Notice tone="warn" title={`Could not be checked${at === undefined ? "" : `: ${at}`}`}>
				{visibleText(message ?? "", { max: 600 }).replace(/\.$/, "")}. That shows nothing about the receipt, either way.
			</Notice>
		);
	}
	if (verified === undefined) return null;
	const spent = `${formatMilliseconds(verified.milliseconds)}, ${formatBytes(verified.bytes)} fetched${verified.keptBytes > 0 ? `, ${formatBytes(verified.keptBytes)} kept from before` : ""}`;
	if (!verified.identical) {
		const last = ended.at(-1);
		const title = STEPS.find(([what]) => what === verified.firstDifference)?.[1] ?? verified.firstDifference;
		return (
			<Notice tone="bad" title={`Different: ${title}`}>
				<p>{visibleText(last?.detail ?? "", { max: 600 })}</p>
				<p>
					This receipt, or what the node hands over for it, is not what was committed. Nothing after the first
					difference was looked at. ({spent})
				</p>
			</Notice>
		);
	}
	return (
		<>
			{!verified.isWhole && (
				<Notice tone="warn" title="Rows of this snapshot were erased since">
					What can still be computed is identical. Training steps and features hang on the erased texts, so they were
					not made again; the chain confirms that so many rows were erased.
				</Notice>
			)}
			<Notice
				tone="good"
				title={verified.isWhole ? "Identical, bit for bit" : "Identical, as far as it can be computed"}
			>
				All {ended.length} checks hold: computed here, from inputs that are the committed ones. ({spent})
			</Notice>
			<Meaning verified={verified} />
		</>
	);
}

function Meaning({ verified: { checked, notChecked, chances, nonce } }: { readonly verified: Verified }) {
	return (
		<div className="grid gap-4 text-sm md:grid-cols-2">
			<div>
				<h3 className="font-semibold">What this shows</h3>
				<ul className="mt-1 list-disc space-y-1 pl-5">
					{checked.map((text) => (
						<li key={text}>{text}</li>
					))}
				</ul>
			</div>
			<div>
				<h3 className="font-semibold">What it does not</h3>
				<ul className="mt-1 list-disc space-y-1 pl-5">
					{notChecked.map((text) => (
						<li key={text}>{text}</li>
					))}
				</ul>
			</div>
			{chances.some(({ caught }) => caught < 1) && (
				<div className="md:col-span-2">
					<h3 className="font-semibold">How likely bent features would have been found</h3>
					<p className="mt-1 text-soft">
						{chances
							.map(({ fraction, bad, caught }) => {
								const chance = caught >= 0.9995 ? "99.9 % or more" : `${(100 * caught).toFixed(1)} %`;
								return `${100 * fraction} % of all rows (${bad}): ${chance}`;
							})
							.join(" · ")}
					</p>
					<p className="text-soft [overflow-wrap:anywhere]">
						Drawn by <span className="font-mono text-xs">{nonce}</span>, which your browser made.
					</p>
				</div>
			)}
		</div>
	);
}
