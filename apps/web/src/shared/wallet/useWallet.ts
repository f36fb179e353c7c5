// Who acts: the connected account, by which wallet, and whether that wallet is on the node's chain.

import type { Address } from "viem";
import { useAccount, useDisconnect } from "wagmi";
import { useStatus } from "../api/useStatus.js";
import { DEVELOPMENT_ID } from "./wagmiConfig.js";

export type Wallet = {
	readonly address: Address | undefined;
	readonly walletName: string | undefined;
	/** The node's own development account: its keys are the node's, its money is play money. */
	readonly isDevelopment: boolean;
	/** The wallet is on another chain than the node. */
	readonly isWrongNetwork: boolean;
	readonly disconnect: () => void;
};

export function useWallet(): Wallet {
	const { address, connector, chainId } = useAccount();
	const { disconnect } = useDisconnect();
	const wanted = useStatus().data?.chainId;
	return {
		address,
		walletName: connector?.name,
		isDevelopment: connector?.id === DEVELOPMENT_ID,
		isWrongNetwork: address !== undefined && wanted !== undefined && chainId !== wanted,
		disconnect: () => disconnect(),
	};
}
