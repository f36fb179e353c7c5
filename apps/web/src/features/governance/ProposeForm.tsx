// Propose changes: choose constants and values within their bounds, see in words and by simulation what they would do, then sign.

import { proposalText } from "@openledger/protocol";
import { openGovernorAbi } from "@openledger/sdk/ledger";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { Address } from "viem";
import { Link, useSearchParams } from "wouter";
import { useStatus } from "../../shared/api/useStatus.js";
import { formatOpen } from "../../shared/format/open.js";
import { Button } from "../../shared/ui/Button.js";
import { Card } from "../../shared/ui/Card.js";
import { TextArea, TextField } from "../../shared/ui/Field.js";
import { Notice } from "../../shared/ui/Notice.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { RequireWallet } from "../../shared/wallet/RequireWallet.js";
import { TransactionStatus } from "../../shared/wallet/TransactionStatus.js";
import { useTransaction } from "../../shared/wallet/useTransaction.js";
import { type Change, ChangeField } from "./ChangeField.js";
import { Effects, Verdict } from "./Effects.js";
import { readValue } from "./readValue.js";
import { type Constant, simulate, useConstants, useVoter } from "./useGovernance.js";

/** With room for the mark that names the proposer. */
const LONGEST_DESCRIPTION = 8100;
const LONGEST_TITLE = 200;
const MOST_CHANGES = 16;

export function ProposeForm() {
	const query = useConstants();
	return (
		<Card title="Propose a change">
			<QueryView query={query} lines={8}>
				{(constants) => <Form constants={constants} />}
			</QueryView>
		</Card>
	);
}

function Form({ constants }: { readonly constants: readonly Constant[] }) {
	const [search] = useSearchParams();
	const asked = constants.find(({ key }) => key === search.get("constant"))?.key;
	const [changes, setChanges] = useState<readonly Change[]>([{ key: asked ?? constants[0]?.key ?? "", text: "" }]);
	const [call, setCall] = useState("");
	const [title, setTitle] = useState("");
	const [reasons, setReasons] = useState("");
	const wanted = changes.map(({ key, text }) => ({ constant: constants.find((one) => one.key === key)!, text }));
	const set = wanted.flatMap(({ constant, text }) => {
		const value = readValue(constant.key, text);
		const isWithin = value !== undefined && value >= BigInt(constant.min) && value <= BigInt(constant.max);
		return isWithin ? [`${constant.key}=${value}`] : [];
	});
	const calls = call.trim() === "" ? [] : [call.trim()];
	const filled = wanted.filter(({ text }) => text.trim() !== "").length;
	const isReady = set.length === filled && set.length + calls.length > 0;
	const key = JSON.stringify([set, calls]);
	const preview = useMutation({
		mutationFn: async () => ({ key, ...(await simulate(set, calls)) }),
	});
	// A preview of other changes than those in the form says nothing about them.
	const shown = preview.data?.key === key ? preview.data : undefined;
	const edit = (at: number, change: Change | undefined) =>
		setChanges(changes.flatMap((one, index) => (index !== at ? [one] : change === undefined ? [] : [change])));
	return (
		<div className="flex flex-col gap-5">
			<div className="flex flex-col gap-3">
				{changes.map((change, index) => (
					<ChangeField
						// biome-ignore lint/suspicious/noArrayIndexKey: the same constant may stand twice
						key={index}
						constants={constants}
						change={change}
						onChange={(next) => edit(index, next)}
						{...(changes.length > 1 && { onRemove: () => edit(index, undefined) })}
					/>
				))}
				<div>
					<Button
						disabled={changes.length >= MOST_CHANGES}
						onClick={() => setChanges([...changes, { key: constants[0]?.key ?? "", text: "" }])}
					>
						Another change
					</Button>
				</div>
				<details className="text-sm">
					<summary className="cursor-pointer font-medium">A call of another kind</summary>
					<div className="pt-2">
						<TextField
							label="Contract, function and arguments"
							placeholder="jury.setCourt(datanetRegistry, false)"
							value={call}
							maxLength={500}
							spellCheck={false}
							hint="Any function of our contracts. Leave a constant above empty to propose only this."
							onChange={(event) => setCall(event.target.value)}
						/>
					</div>
				</details>
			</div>
			<div className="flex flex-col gap-3">
				<Button className="self-start" disabled={!isReady} busy={preview.isPending} onClick={() => preview.mutate()}>
					Show what it would do
				</Button>
				{preview.error !== null && <Notice tone="bad">{preview.error.message}</Notice>}
				{shown !== undefined && (
					<>
						<h3 className="font-medium">What it would do if it were executed now</h3>
						<Effects of={shown.simulation.actions} />
						<Verdict ok={shown.simulation.ok} />
					</>
				)}
			</div>
			<div className="flex flex-col gap-1">
				<TextField
					label="Title"
					value={title}
					maxLength={LONGEST_TITLE}
					placeholder="Two hours to challenge a root"
					onChange={(event) => setTitle(event.target.value)}
				/>
				<TextArea
					label="Why"
					value={reasons}
					maxLength={LONGEST_DESCRIPTION - LONGEST_TITLE - 2}
					hint="Title and reasons are written on chain for ever, for everybody to read."
					onChange={(event) => setReasons(event.target.value)}
				/>
			</div>
			<RequireWallet to="propose">
				{(account) => (
					<Propose account={account} preview={shown} title={title} reasons={reasons} constants={constants} />
				)}
			</RequireWallet>
		</div>
	);
}

type ProposeProps = {
	readonly account: Address;
	readonly preview: Awaited<ReturnType<typeof simulate>> | undefined;
	readonly title: string;
	readonly reasons: string;
	readonly constants: readonly Constant[];
};

function Propose({ account, preview, title, reasons, constants }: ProposeProps) {
	const governor = useStatus().data?.addresses.openGovernor;
	const voter = useVoter(account).data;
	const tx = useTransaction();
	const [anyway, setAnyway] = useState(false);
	const threshold = BigInt(constants.find(({ key }) => key === "proposalThresholdWei")?.value ?? "0");
	const isPoor = voter !== undefined && BigInt(voter.votesWei) < threshold;
	const fails = preview !== undefined && !preview.simulation.ok;
	const missing = isPoor
		? `Proposing needs ${formatOpen(threshold)} OPEN of votes, and you have ${formatOpen(voter.votesWei)}. Delegate to yourself above.`
		: preview === undefined
			? "See first what it would do."
			: title.trim() === ""
				? "Give it a title."
				: undefined;
	const propose = () => {
		if (governor === undefined || preview === undefined) return;
		const text = reasons.trim() === "" ? title.trim() : `${title.trim()}\n\n${reasons.trim()}`;
		// Names the proposer, so that nobody who sees it on its way can propose it first and take it back.
		const description = proposalText(text, account);
		const { actions, simulation } = preview;
		tx.send({
			label: `Propose: ${simulation.actions.map(({ text }) => text).join("; ")}`,
			...{ address: governor, abi: openGovernorAbi, functionName: "propose" },
			args: [
				actions.map(({ target }) => target),
				actions.map(({ valueWei }) => BigInt(valueWei)),
				actions.map(({ data }) => data),
				description,
			],
		});
	};
	return (
		<div className="flex flex-col gap-3">
			{fails && (
				<label className="flex items-center gap-2 text-sm">
					<input type="checkbox" checked={anyway} onChange={(event) => setAnyway(event.target.checked)} />
					Propose it though it would fail now
				</label>
			)}
			<div className="flex flex-wrap items-center gap-3">
				<Button
					kind="primary"
					disabled={missing !== undefined || (fails && !anyway) || governor === undefined}
					busy={tx.isBusy}
					onClick={propose}
				>
					Propose
				</Button>
				{missing !== undefined && <span className="text-sm text-soft">{missing}</span>}
			</div>
			<TransactionStatus of={tx} />
			{tx.state.step === "done" && (
				<Link href="/governance?tab=proposals" className="text-accent underline">
					To the proposals
				</Link>
			)}
		</div>
	);
}
