// Connect, see who acts, change or leave. The development account is marked as what it is wherever it shows.

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useConnect, useSwitchChain } from "wagmi";
import { hasToken } from "../api/token.js";
import { useStatus } from "../api/useStatus.js";
import { Badge } from "../ui/Badge.js";
import { Button } from "../ui/Button.js";
import { Dialog } from "../ui/Dialog.js";
import { Hash, shortHash } from "../ui/Hash.js";
import { Notice } from "../ui/Notice.js";
import { chooseDevelopmentAccount, listDevelopmentAccounts } from "./developmentProvider.js";
import { useWallet } from "./useWallet.js";
import { DEVELOPMENT_ID } from "./wagmiConfig.js";

export function WalletButton() {
	const [isOpen, setOpen] = useState(false);
	const { address, isDevelopment, isWrongNetwork } = useWallet();
	return (
		<>
			<Button kind={address === undefined ? "primary" : "plain"} onClick={() => setOpen(true)}>
				{address === undefined ? "Connect" : shortHash(address)}
				{isDevelopment && <Badge tone="warn">dev</Badge>}
				{isWrongNetwork && <Badge tone="bad">wrong network</Badge>}
			</Button>
			<Dialog
				title={address === undefined ? "Connect a wallet" : "Wallet"}
				isOpen={isOpen}
				onClose={() => setOpen(false)}
			>
				{address === undefined ? <Choices onDone={() => setOpen(false)} /> : <Connected />}
			</Dialog>
		</>
	);
}

function Choices({ onDone }: { readonly onDone: () => void }) {
	const { connectors, connect, error, isPending } = useConnect();
	return (
		<div className="flex flex-col gap-3">
			{connectors.map((connector) => {
				const isDevelopment = connector.id === DEVELOPMENT_ID;
				const blocked = isDevelopment && !hasToken();
				return (
					<div key={connector.uid} className="rounded-lg border border-line p-3">
						<Button
							className="w-full"
							disabled={blocked}
							busy={isPending}
							onClick={() => connect({ connector }, { onSuccess: onDone })}
						>
							{connector.name}
							{isDevelopment && <Badge tone="warn">local chain only</Badge>}
						</Button>
						{isDevelopment && (
							<p className="mt-2 text-xs text-soft">
								{blocked
									? "It needs the link that the node printed when it started; this tab was opened without it."
									: "For trying everything without a wallet: the node signs with its own keys, and the money is play money."}
							</p>
						)}
					</div>
				);
			})}
			{connectors.length === 1 && (
				<p className="text-sm text-soft">No other wallet announced itself in this browser.</p>
			)}
			{error !== null && <Notice tone="bad">{error.message.split("\n")[0]}</Notice>}
		</div>
	);
}

function Connected() {
	const { address, walletName, isDevelopment, isWrongNetwork, disconnect } = useWallet();
	const { switchChain, error } = useSwitchChain();
	const status = useStatus().data;
	const accounts = useQuery({ queryKey: ["wallets"], queryFn: listDevelopmentAccounts, enabled: isDevelopment });
	return (
		<div className="flex flex-col gap-4">
			<div className="flex flex-wrap items-center gap-2">
				<span>{walletName}</span>
				{address !== undefined && <Hash value={address} href={`/earnings/${address}`} />}
			</div>
			{isDevelopment && (
				<Notice tone="warn" title="Development account">
					The node signs whatever this page asks, without asking you. It exists on local chains only.
				</Notice>
			)}
			{isDevelopment && accounts.data !== undefined && (
				<label className="flex flex-col gap-1 text-sm">
					Act as
					<select
						className="min-h-9 rounded-lg border border-line bg-card px-2"
						value={accounts.data.find((one) => one.address.toLowerCase() === address?.toLowerCase())?.address}
						onChange={(event) => chooseDevelopmentAccount(event.target.value as `0x${string}`)}
					>
						{accounts.data.map((one) => (
							<option key={one.address} value={one.address}>
								{one.name} ({one.role === "node" ? "the node's" : "contributor"})
							</option>
						))}
					</select>
				</label>
			)}
			{isWrongNetwork && status !== undefined && (
				<Notice
					tone="bad"
					title="Your wallet is on another network"
					action={<Button onClick={() => switchChain({ chainId: status.chainId })}>Switch</Button>}
				>
					This node's chain has id {status.chainId} and the address {location.origin}/rpc.
				</Notice>
			)}
			{error !== null && <Notice tone="bad">{error.message.split("\n")[0]}</Notice>}
			<Button onClick={disconnect}>Disconnect</Button>
		</div>
	);
}
