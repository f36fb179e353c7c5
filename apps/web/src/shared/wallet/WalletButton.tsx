// Connect, see who acts, change or leave. The development account is marked as what it is wherever it shows.

import { useEffect, useState } from "react";
import { Badge } from "../ui/Badge.js";
import { Button } from "../ui/Button.js";
import { Dialog } from "../ui/Dialog.js";
import { shortHash } from "../ui/Hash.js";
import { ConnectedWallet } from "./ConnectedWallet.js";
import { useWallet } from "./useWallet.js";
import { WalletChoices } from "./WalletChoices.js";

export function WalletButton() {
	const [isOpen, setOpen] = useState(false);
	const { address, isDevelopment, isWrongNetwork } = useWallet();
	const isConnected = address !== undefined;
	// Whoever came to connect, or to leave, is done.
	// biome-ignore lint/correctness/useExhaustiveDependencies: it is the change that counts
	useEffect(() => setOpen(false), [isConnected]);
	return (
		<>
			<Button kind={isConnected ? "plain" : "primary"} onClick={() => setOpen(true)}>
				{isConnected && <span className="sr-only">Wallet</span>}
				{isConnected ? <Digits of={address} /> : "Connect"}
				{!isConnected && <span className="sr-only">a wallet</span>}
				{isDevelopment && <Badge tone="warn">dev</Badge>}
				{isWrongNetwork && <Badge tone="bad">wrong network</Badge>}
			</Button>
			<Dialog title={isConnected ? "Wallet" : "Connect a wallet"} isOpen={isOpen} onClose={() => setOpen(false)}>
				{isConnected ? <ConnectedWallet /> : <WalletChoices />}
			</Dialog>
		</>
	);
}

/** Fewer of them where the screen is narrow. */
function Digits({ of }: { readonly of: string }) {
	return (
		<>
			<span className="sm:hidden">
				{of.slice(0, 4)}…{of.slice(-4)}
			</span>
			<span className="hidden sm:inline">{shortHash(of)}</span>
		</>
	);
}
