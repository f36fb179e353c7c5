// Erases one row for good, after saying what that means.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { postJson } from "../../shared/api/client.js";
import { Button } from "../../shared/ui/Button.js";
import { Dialog } from "../../shared/ui/Dialog.js";
import { SelectField } from "../../shared/ui/Field.js";
import { Notice } from "../../shared/ui/Notice.js";
import { UntrustedText } from "../../shared/ui/UntrustedText.js";
import type { Row } from "./types.js";

/** Words, no stories: they can never be erased. */
const REASONS = [
	["withdrawn", "Withdrawn by its contributor"],
	["personal-data", "It holds personal data"],
	["rights", "Somebody else has the rights"],
	["wrong", "It is wrong"],
] as const;

type EraseRowProps = { readonly datanet: string; readonly row: Row | undefined; readonly onClose: () => void };
type Erased = { readonly staleModels: readonly string[] };

export function EraseRow({ datanet, row, onClose }: EraseRowProps) {
	const [reason, setReason] = useState<string>(REASONS[0][0]);
	const queries = useQueryClient();
	const done = useMutation({
		mutationFn: (commitment: string) =>
			postJson<Erased>(`/api/datanets/${encodeURIComponent(datanet)}/erasures`, { row: commitment, reason }),
		onSuccess: () => queries.invalidateQueries({ queryKey: ["datanets"] }),
	});
	const close = () => {
		done.reset();
		onClose();
	};
	return (
		<Dialog title={`Erase row ${row?.row ?? ""}`} isOpen={row !== undefined} onClose={close}>
			{row !== undefined && !done.isSuccess && (
				<div className="flex flex-col gap-3 text-sm">
					<blockquote className="rounded-lg bg-sunken p-3">
						<UntrustedText text={`${row.prompt ?? ""} ${row.response ?? ""}`} max={300} />
					</blockquote>
					<p>
						Its key and salt are destroyed, a signed tombstone goes on chain, and it earns nothing from the next epoch
						on. Models that learnt from it are marked as stale. This cannot be undone, and what others have read cannot
						be recalled.
					</p>
					<SelectField
						label="Reason, for everybody to see"
						value={reason}
						onChange={(event) => setReason(event.target.value)}
					>
						{REASONS.map(([word, text]) => (
							<option key={word} value={word}>
								{text}
							</option>
						))}
					</SelectField>
					{done.error !== null && <Notice tone="bad">{done.error.message}</Notice>}
					<div className="flex justify-end gap-2">
						<Button onClick={close}>Keep it</Button>
						<Button kind="danger" busy={done.isPending} onClick={() => done.mutate(row.commitment)}>
							Erase for good
						</Button>
					</div>
				</div>
			)}
			{done.isSuccess && (
				<Notice tone="good" title="Erased" action={<Button onClick={close}>Close</Button>}>
					{done.data.staleModels.length === 0
						? "No model had learnt from it."
						: `Models that had learnt from it: ${done.data.staleModels.join(", ")}.`}
				</Notice>
			)}
		</Dialog>
	);
}
