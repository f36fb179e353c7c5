// A wallet as browsers have them: announced to the page by EIP-6963, asked by EIP-1193, with a key of its own outside the page. Its owner
// declines, is on another network and switches as a test says.

import { randomBytes } from "node:crypto";
import { bytesToHex } from "@openledger/protocol";
import type { BrowserContext } from "playwright-core";
import { createWalletClient, defineChain, type Hex, http, numberToHex } from "viem";
import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";

export type InjectedWallet = {
	readonly address: Hex;
	/** All its accounts; `address` is the first. */
	readonly accounts: readonly PrivateKeyAccount[];
	/** Its owner declines whatever is asked next, until told otherwise. */
	declines: boolean;
	/** Methods that the page asked for. */
	readonly asked: string[];
	/** Its owner chooses another of its accounts; the page is told. */
	become(account: PrivateKeyAccount): Promise<void>;
	/** The network that it is on; the page is told. */
	moveTo(chainId: number): Promise<void>;
};

type Call = { readonly method: string; readonly params?: readonly unknown[] };

const PAGE_SIDE = (name: string) => `
	const listeners = {};
	const provider = {
		request: async ({ method, params }) => {
			const { result, error } = await globalThis.askInjectedWallet({ method, params });
			if (error) throw Object.assign(new Error(error.message), { code: error.code });
			return result;
		},
		on: (event, listener) => void (listeners[event] ??= new Set()).add(listener),
		removeListener: (event, listener) => void listeners[event]?.delete(listener),
	};
	globalThis.emitOfInjectedWallet = (event, value) => { for (const listener of listeners[event] ?? []) listener(value); };
	const info = { uuid: "5d3ff1e4-8e04-4c0c-9c15-3a8a7a2c1b11", name: ${JSON.stringify(name)}, rdns: "example.wallet",
		icon: "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>" };
	const announce = () => dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail: Object.freeze({ info, provider }) }));
	addEventListener("eip6963:requestProvider", announce);
	announce();
`;

/** Puts one into every page of a context. It knows no chain of ours until a page adds it. */
export async function injectWallet(
	context: BrowserContext,
	{
		rpcUrl,
		chainId,
		startsOn = chainId,
		accounts: count = 1,
	}: { readonly rpcUrl: string; readonly chainId: number; readonly startsOn?: number; readonly accounts?: number },
): Promise<InjectedWallet> {
	const accounts = Array.from({ length: count }, () => privateKeyToAccount(bytesToHex(randomBytes(32))));
	let account = accounts[0]!;
	const chain = defineChain({
		id: chainId,
		name: "OpenLedger",
		nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
		rpcUrls: { default: { http: [rpcUrl] } },
	});
	const client = createWalletClient({ chain, transport: http(rpcUrl) });
	let current = startsOn;
	let isConnected = false;
	const known = new Set([startsOn]);
	const wallet: InjectedWallet = {
		address: account.address,
		accounts,
		declines: false,
		asked: [],
		async become(next) {
			account = next;
			await emit("accountsChanged", [next.address]);
		},
		async moveTo(next) {
			known.add(next);
			current = next;
			await emit("chainChanged", numberToHex(next));
		},
	};
	const emit = async (event: string, value: unknown) => {
		for (const page of context.pages())
			await page.evaluate(`globalThis.emitOfInjectedWallet(${JSON.stringify(event)}, ${JSON.stringify(value)})`);
	};
	const refuse = (code: number, message: string) => ({ error: { code, message } });
	await context.exposeFunction("askInjectedWallet", async ({ method, params = [] }: Call) => {
		wallet.asked.push(method);
		if (method === "eth_chainId") return { result: numberToHex(current) };
		if (method === "eth_accounts") return { result: isConnected ? [account.address] : [] };
		if (wallet.declines) return refuse(4001, "User rejected the request.");
		if (method === "eth_requestAccounts") {
			isConnected = true;
			return { result: [account.address] };
		}
		if (method === "wallet_switchEthereumChain" || method === "wallet_addEthereumChain") {
			const wanted = Number((params[0] as { chainId: Hex }).chainId);
			if (method === "wallet_addEthereumChain") known.add(wanted);
			if (!known.has(wanted)) return refuse(4902, "Unrecognized chain ID.");
			await wallet.moveTo(wanted);
			return { result: null };
		}
		if (method === "personal_sign")
			return { result: await account.signMessage({ message: { raw: params[0] as Hex } }) };
		if (method === "eth_signTypedData_v4")
			return { result: await account.signTypedData(JSON.parse(params[1] as string)) };
		if (method === "eth_sendTransaction") {
			if (current !== chainId) return refuse(-32000, `sent to chain ${current}`);
			const { to, data } = params[0] as { to: Hex; data: Hex };
			return { result: await client.sendTransaction({ account, to, data }) };
		}
		return refuse(4200, `${method} is not supported`);
	});
	await context.addInitScript(PAGE_SIDE("Test wallet"));
	return wallet;
}
