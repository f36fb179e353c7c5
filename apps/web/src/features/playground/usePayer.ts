// Who pays for answers and how: a prepaid key of this tab, a channel, or each answer by itself. Gives a fetch that pays, or why none can.

import {
	closeChannel,
	createPayingFetch,
	listChannels,
	openChannel,
	type PayingAccount,
	readKey,
	topUpKey,
	walletAccount,
} from "@openledger/sdk";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { useConfig } from "wagmi";
import { getWalletClient } from "wagmi/actions";
import { getJson, postJson } from "../../shared/api/client.js";
import { type Status, useStatus } from "../../shared/api/useStatus.js";
import { useWallet } from "../../shared/wallet/useWallet.js";
import { browserChannelStore } from "./channelStore.js";
import type { PayWay } from "./payWay.js";
import { forgetKey, keyToPay, markPaid, readKept } from "./prepaidKey.js";

export type Payer = {
	readonly way: PayWay;
	readonly choose: (way: PayWay) => void;
	/** Undefined where nobody can pay yet. */
	readonly carry: typeof fetch | undefined;
	/** What to do first, in words. */
	readonly missing: "nothing" | "node" | "wallet" | "network" | "key";
	/** OPEN in the wallet, in wei. */
	readonly walletWei: bigint | undefined;
	/** What is left on the key, less what answers under way may cost. */
	readonly keyWei: bigint | undefined;
	/** There is a key that was paid for in this tab. */
	readonly isKeyKept: boolean;
	/** What is left in the channels. */
	readonly channelWei: bigint | undefined;
	readonly topUp: (amountWei: bigint) => Promise<void>;
	readonly deposit: (amountWei: bigint) => Promise<void>;
	readonly takeBack: () => Promise<void>;
	readonly fund: () => Promise<void>;
	readonly forget: () => void;
	/** Asks anew what is left; after every answer. */
	readonly refresh: () => void;
};

/** No answer pays more than this by itself, whatever a node asks: 0.05 OPEN, some ten times the longest answer at the rates of `npm start`. */
const MOST_WEI = 5n * 10n ** 16n;
const EVERY_MS = 5000;
const WAY = "openledger.pay-by";
/** Two answers side by side need two. */
const CHANNELS = 2;

export function usePayer(): Payer {
	const status = useStatus().data;
	const { chainId } = status ?? {};
	const token = status?.addresses.openToken;
	const { address, isWrongNetwork } = useWallet();
	const config = useConfig();
	const queries = useQueryClient();
	const chain = status === undefined ? undefined : (status.genesisHash ?? `${status.chainId}`).slice(0, 18);
	const [way, setWay] = useState<PayWay>(() => (sessionStorage.getItem(WAY) as PayWay | null) ?? "key");
	const [changes, setChanges] = useState(0);

	const account = useMemo((): PayingAccount | undefined => {
		if (address === undefined) return undefined;
		return {
			address,
			// Fetched when it signs: it may have been switched meanwhile.
			signTypedData: async (data) =>
				walletAccount(await getWalletClient(config, { account: address })).signTypedData(data),
		};
	}, [address, config]);
	const store = useMemo(() => (chain === undefined ? undefined : browserChannelStore(chain)), [chain]);
	// biome-ignore lint/correctness/useExhaustiveDependencies: changes says that the kept key is another one
	const kept = useMemo(() => (chain === undefined ? undefined : readKept(chain)), [chain, changes]);

	const wallet = useQuery({
		queryKey: ["wallets", address, "holds"],
		enabled: address !== undefined,
		refetchInterval: EVERY_MS,
		queryFn: ({ signal }) => getJson<{ openWei: string }>(`/api/wallets/${address}`, signal),
	});
	const key = useQuery({
		queryKey: ["keys", chain, kept?.key.slice(-8)],
		enabled: kept?.paid === true,
		refetchInterval: EVERY_MS,
		retry: false,
		queryFn: async () => {
			const { balanceWei, heldWei } = await readKey({ key: kept!.key, url: location.origin });
			return balanceWei - heldWei;
		},
	});
	const channels = useQuery({
		queryKey: ["channels", chain, address],
		enabled: way === "channel" && account !== undefined && store !== undefined,
		refetchInterval: EVERY_MS,
		queryFn: () => listChannels({ url: location.origin, account: account!, store: store! }),
	});

	const carry = useMemo(() => {
		if (way === "key") return kept?.paid ? withKey(kept.key) : undefined;
		if (account === undefined || chainId === undefined || token === undefined) return undefined;
		if (store === undefined || isWrongNetwork) return undefined;
		const pay = { account, chainId, token, maxWeiPerRequest: MOST_WEI };
		if (way === "answer") return createPayingFetch(pay);
		return createPayingFetch({ ...pay, channel: { store, channels: CHANNELS } });
	}, [way, kept, account, chainId, token, store, isWrongNetwork]);

	const refresh = useCallback(() => {
		for (const noun of ["keys", "channels", "wallets"]) queries.invalidateQueries({ queryKey: [noun] });
	}, [queries]);
	const managed = () => {
		if (account === undefined || chainId === undefined || token === undefined || store === undefined)
			throw new Error("connect a wallet first; it signs the payment");
		return { url: location.origin, account, chainId, token, store };
	};

	return {
		way,
		choose(next) {
			sessionStorage.setItem(WAY, next);
			setWay(next);
		},
		carry,
		missing: missingFor({ way, status, address, isWrongNetwork, hasKey: kept?.paid === true }),
		walletWei: wallet.data && BigInt(wallet.data.openWei),
		keyWei: kept?.paid ? key.data : undefined,
		isKeyKept: kept?.paid === true,
		channelWei: channels.data?.reduce((sum, { depositedWei, spentWei }) => sum + depositedWei - spentWei, 0n),
		async topUp(amountWei) {
			const { url, store: _, ...pays } = managed();
			const pay = createPayingFetch({ ...pays, maxWeiPerRequest: amountWei });
			const made = keyToPay(chain!);
			await topUpKey({ url, fetch: pay, amountWei, key: made });
			markPaid(chain!, made);
			setChanges((n) => n + 1);
			refresh();
		},
		async deposit(amountWei) {
			await openChannel({ ...managed(), depositWei: amountWei });
			refresh();
		},
		async takeBack() {
			const options = managed();
			for (const { channelId, depositedWei, spentWei } of await listChannels(options))
				if (depositedWei > spentWei) await closeChannel({ ...options, channelId });
			refresh();
		},
		async fund() {
			await postJson("/api/wallets/fund", { address });
			refresh();
		},
		forget() {
			forgetKey(chain!);
			setChanges((n) => n + 1);
		},
		refresh,
	};
}

function withKey(key: string): typeof fetch {
	return (input, init) => {
		const request = new Request(input, init);
		request.headers.set("authorization", `Bearer ${key}`);
		return fetch(request);
	};
}

type Known = {
	readonly way: PayWay;
	readonly status: Status | undefined;
	readonly address: string | undefined;
	readonly isWrongNetwork: boolean;
	readonly hasKey: boolean;
};

function missingFor({ way, status, address, isWrongNetwork, hasKey }: Known): Payer["missing"] {
	if (status === undefined) return "node";
	if (way === "key" && hasKey) return "nothing";
	if (address === undefined) return "wallet";
	if (isWrongNetwork) return "network";
	return way === "key" ? "key" : "nothing";
}
