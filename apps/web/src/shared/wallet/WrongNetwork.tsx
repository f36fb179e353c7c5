// Help for a wallet that is on another chain than the node: one click where the wallet can, else what to type into it. Nothing if it is right.

import { useSwitchChain } from "wagmi";
import { useStatus } from "../api/useStatus.js";
import { Button } from "../ui/Button.js";
import { Facts } from "../ui/Facts.js";
import { Notice } from "../ui/Notice.js";
import { isRejected } from "./saidBy.js";
import { useWallet } from "./useWallet.js";

export function WrongNetwork() {
	const { isWrongNetwork } = useWallet();
	const { mutate, error, isPending } = useSwitchChain();
	const status = useStatus().data;
	if (!isWrongNetwork || status === undefined) return null;
	return (
		<Notice
			tone="bad"
			title="Your wallet is on another network"
			action={
				<Button onClick={() => mutate({ chainId: status.chainId })} busy={isPending}>
					Switch network
				</Button>
			}
		>
			<p className="mb-2">
				Nothing can be signed until it is on this node's. If it cannot switch by itself, add there:
			</p>
			<Facts
				of={[
					["RPC address", <code key="rpc">{location.origin}/rpc</code>],
					["Chain id", <code key="id">{status.chainId}</code>],
				]}
			/>
			{error !== null && (
				<p className="mt-2">
					{isRejected(error) ? "You declined to switch." : `It did not switch: ${error.message.split("\n")[0]}`}
				</p>
			)}
		</Notice>
	);
}
