// Shows what needs a wallet only to whom has one, on the right network; else says what is missing.

import type { ReactNode } from "react";
import type { Address } from "viem";
import { Notice } from "../ui/Notice.js";
import { useWallet } from "./useWallet.js";
import { WrongNetwork } from "./WrongNetwork.js";

type RequireWalletProps = { readonly to: string; readonly children: (address: Address) => ReactNode };

export function RequireWallet({ to, children }: RequireWalletProps) {
	const { address, isWrongNetwork } = useWallet();
	if (address === undefined)
		return <Notice title={`Connect a wallet to ${to}`}>The button is at the top of the page.</Notice>;
	if (isWrongNetwork) return <WrongNetwork />;
	return <>{children(address)}</>;
}
