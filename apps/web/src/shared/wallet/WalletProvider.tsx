// Gives every page the wallets. The chain's id comes from the node; until it is known, a local chain's is taken.

import { type ReactNode, useMemo } from "react";
import { WagmiProvider } from "wagmi";
import { useStatus } from "../api/useStatus.js";
import { wagmiConfig } from "./wagmiConfig.js";

/** Of a local OpenLedger chain. */
const LOCAL_CHAIN_ID = 612055;

export function WalletProvider({ children }: { readonly children: ReactNode }) {
	const chainId = useStatus().data?.chainId ?? LOCAL_CHAIN_ID;
	const config = useMemo(() => wagmiConfig(chainId), [chainId]);
	return <WagmiProvider config={config}>{children}</WagmiProvider>;
}
