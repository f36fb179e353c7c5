// An address: one of our contracts, somebody this node knows by name, or just an account.

import { useQuery } from "@tanstack/react-query";
import type { Address } from "viem";
import { getJson } from "../../shared/api/client.js";
import { useStatus } from "../../shared/api/useStatus.js";
import { Hash } from "../../shared/ui/Hash.js";
import { contractAt, nameAt } from "./contracts.js";

type Wallets = { readonly wallets: readonly { readonly name: string; readonly address: Address }[] };
const NONE = /^0x0{40}$/;

function useNames(): ReadonlyMap<string, string> | undefined {
	const { data } = useQuery({
		queryKey: ["wallets"],
		queryFn: ({ signal }) => getJson<Wallets>("/api/wallets", signal),
		staleTime: 30_000,
	});
	return data && new Map(data.wallets.map(({ name, address }) => [address.toLowerCase(), name]));
}

export function Account({ address, copy = true }: { readonly address: Address; readonly copy?: boolean }) {
	const { data: status } = useStatus();
	const names = useNames();
	if (NONE.test(address)) return <span className="text-soft">nobody (zero)</span>;
	const addresses = status?.addresses ?? {};
	const known = nameAt(addresses, address);
	if (known !== undefined) {
		const isOurs = contractAt(addresses, address) !== undefined;
		return <Hash value={address} name={known} copy={copy} {...(isOurs && { href: "/network?tab=contracts" })} />;
	}
	const name = names?.get(address.toLowerCase());
	const href = `/earnings/${encodeURIComponent(address.toLowerCase())}`;
	return <Hash value={address} href={href} copy={copy} {...(name !== undefined && { name })} />;
}
