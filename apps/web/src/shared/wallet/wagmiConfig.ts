// Wallets of this page: those that browsers announce (EIP-6963), and the node's development account. All talk to the node's own RPC.

import { defineChain } from "viem";
import { createConfig, http, injected } from "wagmi";
import { developmentProvider } from "./developmentProvider.js";

export const DEVELOPMENT_ID = "openledger.development";

export function wagmiConfig(chainId: number) {
	const url = `${location.origin}/rpc`;
	const chain = defineChain({
		id: chainId,
		name: "OpenLedger",
		nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
		rpcUrls: { default: { http: [url] } },
	});
	return createConfig({
		chains: [chain],
		multiInjectedProviderDiscovery: true,
		connectors: [
			injected({
				shimDisconnect: true,
				target: { id: DEVELOPMENT_ID, name: "Development account", provider: developmentProvider as never },
			}),
		],
		transports: { [chain.id]: http(url, { retryCount: 1 }) },
		pollingInterval: 500,
	});
}
