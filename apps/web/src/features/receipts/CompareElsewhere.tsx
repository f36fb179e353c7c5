// The chain as somebody else sees it: the one call that a verification hangs on, to be made at an RPC address of one's own.

import { useStatus } from "../../shared/api/useStatus.js";
import { CopyButton } from "../../shared/ui/CopyButton.js";
import type { FullReceipt } from "./useReceipts.js";

export function CompareElsewhere({ receipt }: { readonly receipt: FullReceipt }) {
	const { data: status } = useStatus();
	const { modelId, vault } = receipt.receipt;
	const models = `cast call ${vault} "models()(address)" --rpc-url ${status?.rpcUrl ?? "RPC"}`;
	const model = `cast call ${status?.addresses.modelRegistry ?? "MODELS"} "getModel(bytes32)" ${modelId} --rpc-url ${status?.rpcUrl ?? "RPC"}`;
	return (
		<div className="flex flex-col gap-2 text-sm">
			<p className="max-w-3xl text-soft">
				The worker asks the chain through this node: this page’s security policy lets it talk to nobody else, so there
				is no field for another RPC address. Whoever wants another witness makes the same calls elsewhere, and compares
				with the values under “Model on chain”. On a local chain every witness asks the same machine.
			</p>
			{[models, model].map((command) => (
				<div key={command} className="flex items-start gap-1 rounded-lg bg-sunken p-2">
					<code className="min-w-0 flex-1 text-xs [overflow-wrap:anywhere]">{command}</code>
					<CopyButton text={command} label="Copy the command" />
				</div>
			))}
			<p className="text-soft">
				On your own machine: <code className="text-xs">openledger receipt verify {receipt.id.slice(0, 10)}</code>
			</p>
		</div>
	);
}
