// Who acts and what it holds; as whom the development account acts; the way back from a wrong network.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getJson, postJson } from "../api/client.js";
import { hasToken } from "../api/token.js";
import { useStatus } from "../api/useStatus.js";
import { visibleText } from "../format/visibleText.js";
import { Amount } from "../ui/Amount.js";
import { Button } from "../ui/Button.js";
import { Facts } from "../ui/Facts.js";
import { Hash } from "../ui/Hash.js";
import { Notice } from "../ui/Notice.js";
import { chooseDevelopmentAccount, listDevelopmentAccounts } from "./developmentProvider.js";
import { useWallet } from "./useWallet.js";
import { WrongNetwork } from "./WrongNetwork.js";

type Holdings = { readonly openWei: string; readonly coinWei: string };

/** As far as a local chain's node fills an account up; what a seat on a jury takes there. */
const FULL_WEI = 100n * 10n ** 18n;

export function ConnectedWallet() {
	const { address, walletName, isDevelopment, disconnect } = useWallet();
	const queries = useQueryClient();
	const status = useStatus().data;
	const holdings = useQuery({
		queryKey: ["wallets", address],
		queryFn: ({ signal }) => getJson<Holdings>(`/api/wallets/${address}`, signal),
		enabled: address !== undefined,
		refetchInterval: 5000,
	});
	const fund = useMutation({
		mutationFn: () => postJson("/api/wallets/fund", { address }),
		onSettled: () => queries.invalidateQueries({ queryKey: ["wallets"] }),
	});
	if (address === undefined) return null;
	const { data: held } = holdings;
	const isPoor = held !== undefined && (held.openWei === "0" || held.coinWei === "0");
	const isLocal = status?.hasDevelopmentAccounts === true;
	const canFill = isLocal && hasToken() && held !== undefined && BigInt(held.openWei) < FULL_WEI;
	return (
		<div className="flex flex-col gap-4">
			<Facts
				of={[
					["Wallet", walletName],
					["Account", <Hash key="account" value={address} href={`/earnings/${address}`} />],
					["Holds", holdings.data === undefined ? "…" : <Amount key="open" wei={holdings.data.openWei} places={4} />],
					["For gas", holdings.data?.coinWei === "0" ? "no coins" : holdings.data === undefined ? "…" : "enough coins"],
				]}
			/>
			{isDevelopment && <ActAs address={address} />}
			<WrongNetwork />
			{isPoor && isLocal && (
				<Notice
					title="It lacks OPEN or coins for gas"
					action={
						<Button onClick={() => fund.mutate()} busy={fund.isPending} disabled={!hasToken()}>
							Get play money
						</Button>
					}
				>
					{hasToken()
						? "On this local chain the node gives some to anybody."
						: "The node gives some to whoever opens the link that it printed when it started."}
				</Notice>
			)}
			{!isPoor && canFill && (
				<Button onClick={() => fund.mutate()} busy={fund.isPending}>
					Fill up to 100 OPEN of play money
				</Button>
			)}
			{fund.error !== null && <Notice tone="bad">{fund.error.message}</Notice>}
			<Button onClick={disconnect}>Disconnect</Button>
		</div>
	);
}

function ActAs({ address }: { readonly address: string }) {
	const { data = [] } = useQuery({ queryKey: ["wallets"], queryFn: listDevelopmentAccounts });
	const chosen = data.find((one) => one.address.toLowerCase() === address.toLowerCase());
	return (
		<>
			<Notice tone="warn" title="Development account">
				The node signs whatever this page asks, without asking you. It exists on local chains only.
			</Notice>
			<label className="flex flex-col gap-1 text-sm">
				Act as
				<select
					className="min-h-9 rounded-lg border border-line bg-card px-2"
					value={chosen?.address ?? ""}
					onChange={(event) => chooseDevelopmentAccount(event.target.value as `0x${string}`)}
				>
					{chosen === undefined && <option value="">{data.length === 0 ? "…" : "an account of another node"}</option>}
					{data.map((one) => (
						<option key={one.address} value={one.address}>
							{visibleText(one.name, { max: 40 })} ({MEANS[one.name] ?? "contributor"})
						</option>
					))}
				</select>
			</label>
		</>
	);
}

const MEANS: Readonly<Record<string, string>> = {
	payer: "asks and pays",
	owner: "owns and curates the node's datanets",
};
