// Step 1: what the adapter is put on.

import { useStatus } from "../../shared/api/useStatus.js";
import { Hash } from "../../shared/ui/Hash.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { UntrustedText } from "../../shared/ui/UntrustedText.js";

export function BaseStep() {
	const status = useStatus();
	return (
		<QueryView query={status} lines={3}>
			{({ base, engineId }) => (
				<fieldset className="flex flex-col gap-3">
					<legend className="mb-2 text-sm">
						The base stays as it is; a run learns an adapter beside it, a few numbers for each of its layers.
					</legend>
					<label className="flex items-start gap-3 rounded-lg border border-accent bg-accent-wash p-3">
						<input type="radio" name="base" defaultChecked className="mt-1 accent-(--accent)" />
						<span className="min-w-0">
							<span className="block font-medium">
								<UntrustedText text={base.name} max={60} />
							</span>
							<span className="block text-sm text-soft">
								digest <Hash value={base.digest} copy={false} />, engine <Hash value={engineId} copy={false} />
							</span>
						</span>
					</label>
					<p className="text-sm text-soft">
						A node has one base. To train on another, start a node with OPENLEDGER_BASE set to its folder, and a home of
						its own.
					</p>
				</fieldset>
			)}
		</QueryView>
	);
}
