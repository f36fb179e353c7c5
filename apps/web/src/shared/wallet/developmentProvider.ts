// The built-in development account, as an EIP-1193 provider: the page asks the node to sign with keys that the node keeps anyway, because
// this is a local chain. No key ever comes into the page; whoever has no token of the node cannot use it.

import { type Address, type EIP1193Provider, numberToHex } from "viem";
import { ApiError, getJson, postJson } from "../api/client.js";
import type { Status } from "../api/useStatus.js";

export type DevelopmentAccount = {
	readonly name: string;
	readonly address: Address;
	readonly role: "node" | "contributor";
};

const CHOSEN = "openledger.development-account";
/** Signed by the node; everything else is the chain's to answer. */
const SIGNED = new Set(["personal_sign", "eth_signTypedData_v4", "eth_sendTransaction"]);

/** The accounts whose keys the node keeps: its own roles and the contributors it knows. */
export async function listDevelopmentAccounts(): Promise<readonly DevelopmentAccount[]> {
	const { wallets } = await getJson<{ wallets: DevelopmentAccount[] }>("/api/wallets");
	// The payer comes first: it holds OPEN and decides nothing.
	return [...wallets].sort((a, b) => Number(b.name === "payer") - Number(a.name === "payer"));
}

const listeners = new Map<string, Set<(value: never) => void>>();

/** Which of them acts from now on. */
export function chooseDevelopmentAccount(address: Address): void {
	sessionStorage.setItem(CHOSEN, address);
	for (const listener of listeners.get("accountsChanged") ?? []) (listener as (value: Address[]) => void)([address]);
}

async function chosen(): Promise<Address> {
	const accounts = await listDevelopmentAccounts();
	const kept = sessionStorage.getItem(CHOSEN);
	return (accounts.find(({ address }) => address === kept) ?? accounts[0]!).address;
}

async function request({ method, params = [] }: { method: string; params?: unknown }): Promise<unknown> {
	if (method === "eth_accounts" || method === "eth_requestAccounts") return [await chosen()];
	if (method === "eth_chainId") return numberToHex((await getJson<Status>("/api/status")).chainId);
	if (method === "wallet_switchEthereumChain" || method === "wallet_addEthereumChain") return null;
	if (SIGNED.has(method)) {
		const asked = { address: await chosen(), method, params };
		return (await postJson<{ result: unknown }>("/api/development-wallet", asked)).result;
	}
	const response = await fetch("/rpc", {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
	});
	const { result, error } = (await response.json()) as { result?: unknown; error?: { code: number; message: string } };
	if (error) throw new ApiError(error.message, { status: 400, code: `rpc/${error.code}` });
	return result;
}

export const developmentProvider = {
	request,
	on(event: string, listener: (value: never) => void) {
		const known = listeners.get(event) ?? new Set();
		listeners.set(event, known.add(listener));
	},
	removeListener(event: string, listener: (value: never) => void) {
		listeners.get(event)?.delete(listener);
	},
} as unknown as EIP1193Provider;
