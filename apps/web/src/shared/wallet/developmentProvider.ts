// The built-in development account, as an EIP-1193 provider: the page asks the node to sign with keys that the node keeps anyway, because
// this is a local chain. No key ever comes into the page; whoever has no token of the node cannot use it. It acts only in the tab where
// somebody chose it.

import { type Address, type EIP1193Provider, numberToHex } from "viem";
import { getJson, postJson } from "../api/client.js";
import { hasToken } from "../api/token.js";
import type { Status } from "../api/useStatus.js";

export type DevelopmentAccount = {
	readonly name: string;
	readonly address: Address;
	readonly role: "node" | "contributor";
	/** Whether a page may act as it; the others' keys are for what the node does by itself. */
	readonly mayAct: boolean;
};

const CHOSEN = "openledger.development-account";
/** Where the address stands that is asked to sign. */
const SIGNER: Readonly<Record<string, (params: readonly unknown[]) => unknown>> = {
	personal_sign: (params) => params[1],
	eth_signTypedData_v4: (params) => params[0],
	eth_sendTransaction: (params) => (params[0] as { from?: unknown } | undefined)?.from,
};

/** Codes of EIP-1193. */
const UNAUTHORIZED = 4100;
const UNSUPPORTED = 4200;

class ProviderError extends Error {
	readonly code: number;
	constructor(code: number, message: string) {
		super(message);
		this.name = "ProviderError";
		this.code = code;
	}
}

/** The accounts that a page may act as: people whose keys the node keeps. The payer comes first: it holds OPEN and decides nothing. */
export async function listDevelopmentAccounts(): Promise<readonly DevelopmentAccount[]> {
	const { wallets } = await getJson<{ wallets: DevelopmentAccount[] }>("/api/wallets");
	const order = ["payer", "owner"];
	const place = ({ name, role }: DevelopmentAccount) => (role === "node" ? order.indexOf(name) : order.length);
	return wallets.filter(({ mayAct }) => mayAct).sort((a, b) => place(a) - place(b) || a.name.localeCompare(b.name));
}

const listeners = new Map<string, Set<(value: never) => void>>();

/** Which of them acts from now on. */
export function chooseDevelopmentAccount(address: Address): void {
	sessionStorage.setItem(CHOSEN, address);
	for (const listener of listeners.get("accountsChanged") ?? []) (listener as (value: Address[]) => void)([address]);
}

async function request({ method, params = [] }: { method: string; params?: readonly unknown[] }): Promise<unknown> {
	// Kept, so that a reload while the node is away loses nothing.
	const kept = sessionStorage.getItem(CHOSEN);
	if (method === "eth_accounts") return kept === null || !hasToken() ? [] : [kept];
	if (method === "eth_requestAccounts") return [await connect(kept)];
	if (method === "wallet_revokePermissions") {
		sessionStorage.removeItem(CHOSEN);
		return null;
	}
	if (method === "eth_chainId") return numberToHex((await getJson<Status>("/api/status")).chainId);
	const signer = SIGNER[method]?.(params) ?? kept;
	if (method in SIGNER) {
		return (await postJson<{ result: unknown }>("/api/development-wallet", { address: signer, method, params })).result;
	}
	if (method.startsWith("wallet_")) throw new ProviderError(UNSUPPORTED, `the development account knows no ${method}`);
	return await askChain(method, params);
}

async function connect(kept: string | null): Promise<Address> {
	if (!hasToken()) {
		throw new ProviderError(
			UNAUTHORIZED,
			"the development account needs the link that the node printed when it started",
		);
	}
	const accounts = await listDevelopmentAccounts();
	const chosen = accounts.find(({ address }) => address === kept) ?? accounts[0];
	if (chosen === undefined) throw new ProviderError(UNAUTHORIZED, "this chain has no development account");
	sessionStorage.setItem(CHOSEN, chosen.address);
	return chosen.address;
}

async function askChain(method: string, params: readonly unknown[]): Promise<unknown> {
	const response = await fetch("/rpc", {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
	});
	const { result, error } = (await response.json()) as { result?: unknown; error?: { code: number; message: string } };
	if (error)
		throw Object.assign(new ProviderError(error.code, error.message), { data: (error as { data?: unknown }).data });
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
