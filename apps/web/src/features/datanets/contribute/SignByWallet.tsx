// Contributes by the connected wallet, which may be one that the node has no key of: what it costs, what is signed, how far it is.

import { useQuery } from "@tanstack/react-query";
import type { Address } from "viem";
import { getJson } from "../../../shared/api/client.js";
import { formatCount } from "../../../shared/format/open.js";
import { Amount } from "../../../shared/ui/Amount.js";
import { Button } from "../../../shared/ui/Button.js";
import { Facts } from "../../../shared/ui/Facts.js";
import { Notice } from "../../../shared/ui/Notice.js";
import { RequireWallet } from "../../../shared/wallet/RequireWallet.js";
import { TransactionStatus } from "../../../shared/wallet/TransactionStatus.js";
import type { Datanet } from "../types.js";
import { Faucet } from "./Faucet.js";
import { Outcome } from "./Outcome.js";
import { type OfferSource, type OfferStep, useOffer } from "./useOffer.js";

type SignByWalletProps = {
	readonly datanet: Datanet;
	readonly source: OfferSource;
	/** Rows that the checks would take, of all lines. */
	readonly accepted: number;
	readonly offered: number;
};

const STEPS: readonly (readonly [OfferStep, string])[] = [
	["draft", "The node keeps the rows sealed and says what to sign"],
	["approve", "You allow the registry to take the stake, if one is due"],
	["commit", "You commit to the rows without showing them, so that nobody can copy them first"],
	["reveal", "You contribute: their root goes on chain, and the stake with it"],
	["tell", "The node finds your offer on chain and goes on by the datanet's rule"],
];

export function SignByWallet(props: SignByWalletProps) {
	return (
		<RequireWallet to="contribute">{(account) => <Signing key={account} account={account} {...props} />}</RequireWallet>
	);
}

type Holdings = { readonly openWei: string; readonly coinWei: string };

function Signing({ datanet, source, accepted, offered, account }: SignByWalletProps & { readonly account: Address }) {
	const { tx, step, done, draft, told, error, run } = useOffer(datanet, account, source);
	const held = useQuery({
		queryKey: ["wallets", account],
		queryFn: ({ signal }) => getJson<Holdings>(`/api/wallets/${account}`, signal),
	});
	if (told !== undefined) return <Outcome datanet={datanet} told={told} />;
	const isBegun = done.length > 0 || error !== undefined;
	return (
		<div className="flex flex-col gap-4">
			<Facts
				of={[
					["Rows that would be taken", formatCount(accepted)],
					["Stake per row offered", <Amount key="row" wei={datanet.stakePerRowWei} />],
					...(draft === undefined
						? []
						: ([
								["Rows offered", formatCount(draft.rowCount)],
								["Stake", <Amount key="stake" wei={draft.stakeWei} />],
								...(draft.costWei === draft.stakeWei
									? []
									: ([
											["Jurors' fees", <Amount key="fees" wei={BigInt(draft.costWei) - BigInt(draft.stakeWei)} />],
										] as const)),
							] as const)),
					["You hold", held.data === undefined ? "…" : <Amount key="held" wei={held.data.openWei} />],
				]}
			/>
			{datanet.stakePerRowWei !== "0" && accepted < offered && (
				<p className="text-sm text-soft">
					The stake is due for every row of the file that can be read, also for those that the checks refuse; leave them
					out to put down less.
				</p>
			)}
			{datanet.rule === "committee" && draft === undefined && (
				<p className="text-sm text-soft">
					This datanet's committee is paid by contributors: the exact fee is shown before you sign, and comes back if
					the rows are accepted.
				</p>
			)}
			{held.data !== undefined && <Faucet account={account} held={held.data} neededWei={BigInt(draft?.costWei ?? 0)} />}
			<ol className="flex flex-col gap-1.5 text-sm">
				{STEPS.map(([id, text], place) => (
					<li key={id} className="flex gap-2" aria-current={step === id ? "step" : undefined}>
						<span className={`w-5 ${done.includes(id) ? "text-good" : "text-soft"}`} aria-hidden="true">
							{done.includes(id) ? "✓" : step === id ? "▸" : `${place + 1}.`}
						</span>
						<span className={step === id ? "font-medium" : done.includes(id) ? "" : "text-soft"}>
							{text}
							{done.includes(id) && <span className="sr-only"> (done)</span>}
						</span>
					</li>
				))}
			</ol>
			<TransactionStatus of={tx} />
			{error !== undefined && (
				<Notice tone="bad" title="It stopped here">
					{error}. What is done stays done; the button goes on from there.
				</Notice>
			)}
			<div>
				<Button kind="primary" busy={step !== undefined} disabled={accepted === 0} onClick={run}>
					{isBegun ? "Go on" : "Contribute with my wallet"}
				</Button>
				{accepted === 0 && (
					<p className="mt-1 text-xs text-soft">No row would be taken, so there is nothing to offer.</p>
				)}
			</div>
		</div>
	);
}
