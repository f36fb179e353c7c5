// A transaction by its hash.

import type { Hex } from "viem";
import { useParams } from "wouter";
import { isMissing } from "../../shared/api/client.js";
import { useStatus } from "../../shared/api/useStatus.js";
import { ButtonLink } from "../../shared/ui/Button.js";
import { Empty } from "../../shared/ui/Empty.js";
import { Page } from "../../shared/ui/Page.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { decodeCall } from "./decode.js";
import { TransactionView } from "./TransactionView.js";
import { useMined } from "./useChain.js";

export default function TransactionPage() {
	const { hash = "" } = useParams<{ hash: string }>();
	if (!/^0x[0-9a-fA-F]{64}$/.test(hash)) return <NoSuch hash={hash} />;
	return <Shown hash={hash.toLowerCase() as Hex} />;
}

function Shown({ hash }: { readonly hash: Hex }) {
	const mined = useMined(hash);
	const { data: status } = useStatus();
	if (isMissing(mined.error) && mined.data === undefined) return <NoSuch hash={hash} />;
	const addresses = status?.addresses;
	const { transaction } = mined.data ?? {};
	const title = transaction && addresses && decodeCall(addresses, transaction.to, transaction.input).title;
	return (
		<Page title={title ?? "Transaction"} lead="As the chain has it; decoded here, by the contracts' interfaces.">
			<QueryView query={mined} lines={14}>
				{(found) => <TransactionView mined={found} addresses={addresses ?? {}} />}
			</QueryView>
		</Page>
	);
}

function NoSuch({ hash }: { readonly hash: string }) {
	return (
		<Page title="Transaction">
			<Empty
				title="The chain knows no transaction of this hash"
				action={<ButtonLink href="/network">Look at the latest blocks</ButtonLink>}
			>
				{hash.length === 66
					? "It may not have been sent, or it was in a block that the chain took back."
					: "A transaction's hash is 0x and 64 hex digits."}
			</Empty>
		</Page>
	);
}
