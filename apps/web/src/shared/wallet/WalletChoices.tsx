// The wallets that announced themselves to this page, and last, on a local chain, the development account.

import { type Connector, useConnect, useConnectors } from "wagmi";
import { hasToken } from "../api/token.js";
import { useStatus } from "../api/useStatus.js";
import { visibleText } from "../format/visibleText.js";
import { Badge } from "../ui/Badge.js";
import { Button } from "../ui/Button.js";
import { Notice } from "../ui/Notice.js";
import { isRejected } from "./saidBy.js";
import { DEVELOPMENT_ID } from "./wagmiConfig.js";

export function WalletChoices() {
	const connectors = useConnectors();
	const { mutate, error, isPending, variables } = useConnect();
	const announced = connectors.filter(({ id }) => id !== DEVELOPMENT_ID);
	const development = connectors.find(({ id }) => id === DEVELOPMENT_ID);
	const isLocal = useStatus().data?.hasDevelopmentAccounts === true;
	const choice = (connector: Connector) => ({
		onClick: () => mutate({ connector }),
		busy: isPending && variables?.connector === connector,
	});
	return (
		<div className="flex flex-col gap-3">
			{announced.map((connector) => (
				<Button key={connector.uid} className="w-full" {...choice(connector)}>
					{connector.icon?.startsWith("data:image/") && (
						<img src={connector.icon} alt="" width="20" height="20" className="rounded" />
					)}
					{visibleText(connector.name, { max: 40 })}
				</Button>
			))}
			{announced.length === 0 && (
				<p className="text-sm text-soft">No wallet announced itself in this browser (EIP-6963).</p>
			)}
			{development !== undefined && isLocal && (
				<div className="rounded-lg border border-line p-3">
					<Button className="w-full" disabled={!hasToken()} {...choice(development)}>
						Development account
						<Badge tone="warn">local chain only</Badge>
					</Button>
					<p className="mt-2 text-xs text-soft">
						{hasToken()
							? "For trying everything without a wallet: the node signs with keys that it keeps, without asking, and the money is play money."
							: "It needs the link that the node printed when it started; this tab was opened without it."}
					</p>
				</div>
			)}
			{error !== null && (
				<Notice tone={isRejected(error) ? "warn" : "bad"}>
					{isRejected(error) ? "You declined in your wallet; nothing is connected." : error.message.split("\n")[0]}
				</Notice>
			)}
		</div>
	);
}
