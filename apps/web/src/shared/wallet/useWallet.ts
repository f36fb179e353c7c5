// Who acts: the connected account, by which wallet, and whether that wallet is on the node's chain.

import { useCallback } from "react";
import type { Address } from "viem";
import { useConnection, useDisconnect } from "wagmi";
import { useStatus } from "../api/useStatus.js";
import { visibleText } from "../format/visibleText.js";
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
	const { address, connector, chainId } = useConnection();
	const { mutate } = useDisconnect();
	const wanted = useStatus().data?.chainId;
	return {
		address,
		// Wallets name themselves.
		walletName: connector && visibleText(connector.name, { max: 40 }),
		isDevelopment: connector?.id === DEVELOPMENT_ID,
		isWrongNetwork: address !== undefined && wanted !== undefined && chainId !== undefined && chainId !== wanted,
		disconnect: useCallback(() => mutate({}), [mutate]),
	};
}
