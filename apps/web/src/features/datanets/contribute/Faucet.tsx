// Where a wallet has too little for what it is to sign: play money of the local chain.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Address } from "viem";
import { postJson } from "../../../shared/api/client.js";
import { Button } from "../../../shared/ui/Button.js";
import { Notice } from "../../../shared/ui/Notice.js";

type FaucetProps = {
	readonly account: Address;
	readonly held: { readonly openWei: string; readonly coinWei: string };
	readonly neededWei: bigint;
};

/** Gas for a handful of transactions. */
const GAS_WEI = 10n ** 16n;

export function Faucet({ account, held, neededWei }: FaucetProps) {
	const queries = useQueryClient();
	const filled = useMutation({
		mutationFn: () => postJson("/api/wallets/fund", { address: account }),
		onSettled: () => queries.invalidateQueries({ queryKey: ["wallets"] }),
	});
	const isShort = BigInt(held.openWei) < neededWei;
	if (BigInt(held.coinWei) >= GAS_WEI && !isShort) return null;
	return (
		<Notice
			tone="warn"
			title={isShort ? "Your wallet holds too little OPEN" : "Your wallet has no coins for gas"}
			action={
				<Button busy={filled.isPending} onClick={() => filled.mutate()}>
					Get play money
				</Button>
			}
		>
			{filled.error === null ? "On this local chain the node gives play money to whoever asks." : filled.error.message}
		</Notice>
	);
}
