// "Verify in this browser": what is done, how far it is, what was found, what that shows and what it does not.

import { useId, useState } from "react";
import { Button } from "../../shared/ui/Button.js";
import { SelectField } from "../../shared/ui/Field.js";
import { Notice } from "../../shared/ui/Notice.js";
import { ProgressBar } from "../../shared/ui/ProgressBar.js";
import type { FullReceipt } from "./useReceipts.js";
import { useVerification, type Verification } from "./useVerification.js";
import { VerifyResult } from "./VerifyResult.js";
import { VerifySteps } from "./VerifySteps.js";
import { STEPS } from "./words.js";

const ROWS = [8, 32, 128] as const;

export function VerifyPanel({ receipt }: { readonly receipt: FullReceipt }) {
	const { rowsLearnt } = receipt;
	const { verification, start, cancel } = useVerification();
	const [rows, setRows] = useState("8");
	const [withSpace, setWithSpace] = useState(true);
	const checkbox = useId();
	const isRunning = verification.state === "running";
	const [looked, setLooked] = useState(receipt);
	const begin = () => {
		setLooked(receipt);
		start({ receiptId: receipt.id, shown: receipt, rows: rows === "all" ? "all" : Number(rows), withSpace });
	};
	// The page asks for it again until its epoch closes; what the node says by then was not looked at.
	const isAnother = verification.state === "identical" && !isSame(looked, receipt);
	return (
		<div className="flex flex-col gap-4">
			<p className="max-w-3xl text-sm text-soft">
				Your browser fetches everything that this receipt commits to, holds each byte against the chain and the
				signature, and runs the same engine to the same bits: the answer, every row’s score, the shares. It asks the
				node for inputs, never for results.
			</p>
			<div className="grid items-start gap-x-4 gap-y-2 sm:grid-cols-[14rem_1fr_auto]">
				<SelectField
					label="Rows to make again"
					value={rows}
					disabled={isRunning}
					onChange={(event) => setRows(event.target.value)}
					hint="drawn at random in your browser"
				>
					{ROWS.filter((count) => count < rowsLearnt).map((count) => (
						<option key={count} value={count}>
							{count} of {rowsLearnt}
						</option>
					))}
					<option value="all">all {rowsLearnt}</option>
				</SelectField>
				<div className="flex items-start gap-2 sm:pt-8">
					<input
						id={checkbox}
						type="checkbox"
						checked={withSpace}
						disabled={isRunning}
						onChange={(event) => setWithSpace(event.target.checked)}
						className="mt-1 size-4 accent-(--accent)"
					/>
					<label htmlFor={checkbox} className="text-sm">
						Find the directions again in which features are measured{" "}
						<span className="text-soft">(the longest step)</span>
					</label>
				</div>
				<div className="sm:pt-6">
					{isRunning ? (
						<Button onClick={cancel}>Stop</Button>
					) : (
						<Button kind="primary" onClick={begin}>
							{verification.state === "idle" ? "Verify in this browser" : "Verify again"}
						</Button>
					)}
				</div>
			</div>
			<How verification={verification} total={withSpace ? STEPS.length : STEPS.length - 1} />
			{isAnother ? (
				<Notice tone="warn" title="Not verified: the node shows something else by now">
					What this page showed when you began was identical. What it shows now is not that; verify it again.
				</Notice>
			) : (
				<VerifyResult verification={verification} />
			)}
			{verification.state !== "idle" && <VerifySteps verification={verification} withSpace={withSpace} />}
		</div>
	);
}

/** But for the epoch, which it falls into later. */
function isSame(one: FullReceipt, other: FullReceipt): boolean {
	return one === other || JSON.stringify({ ...one, epoch: null }) === JSON.stringify({ ...other, epoch: null });
}

/** Said aloud as it goes on, a step at a time. */
function How({ verification, total }: { readonly verification: Verification; readonly total: number }) {
	if (verification.state !== "running") return null;
	const { ended, running } = verification;
	const title = STEPS.find(([what]) => what === running?.what)?.[1];
	return (
		<div className="flex flex-col gap-2">
			<p role="status" className="text-sm">
				Step {Math.min(ended.length + 1, total)} of {total}
				{title === undefined ? "" : `: ${title}`}
			</p>
			<ProgressBar label="Verification" done={ended.length} total={total} />
		</div>
	);
}
