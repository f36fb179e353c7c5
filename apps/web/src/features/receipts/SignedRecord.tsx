// The record that the node signed, field by field, and what opens its hashes.

import { formatOpen } from "../../shared/format/open.js";
import { formatDate } from "../../shared/format/time.js";
import { Facts } from "../../shared/ui/Facts.js";
import { Hash } from "../../shared/ui/Hash.js";
import type { FullReceipt } from "./useReceipts.js";
import { FIELDS } from "./words.js";

export function SignedRecord({ receipt }: { readonly receipt: FullReceipt }) {
	const { id, receipt: record, signature, salt, datanetId, snapshotVersion } = receipt;
	const links: Readonly<Record<string, string>> = {
		payer: `/earnings/${encodeURIComponent(String(record.payer))}`,
		modelId: `/models/${encodeURIComponent(String(record.modelId))}`,
		snapshotRoot: `/datanets/${encodeURIComponent(datanetId)}`,
	};
	return (
		<Facts
			of={[
				["Id", <Hash key="id" value={id} />],
				...FIELDS.map(
					([field, name, what]) =>
						[
							name,
							<span key={field} className="flex flex-wrap items-baseline gap-x-3">
								<FieldValue field={field} value={record[field]} href={links[field]} />
								<span className="text-xs text-soft">
									{field === "snapshotRoot" ? `${what}: version ${snapshotVersion} of its datanet` : what}
								</span>
							</span>,
						] as const,
				),
				[
					"Signature",
					<span key="signature" className="flex flex-wrap items-baseline gap-x-3">
						<Hash value={signature} />
						<span className="text-xs text-soft">of the model’s node, by EIP-712</span>
					</span>,
				],
				[
					"Salt",
					<span key="salt" className="flex flex-wrap items-baseline gap-x-3">
						<Hash value={salt} />
						<span className="text-xs text-soft">opens the hashes of request and answer</span>
					</span>,
				],
			]}
		/>
	);
}

type FieldValueProps = {
	readonly field: string;
	readonly value: string | number | undefined;
	readonly href: string | undefined;
};

function FieldValue({ field, value, href }: FieldValueProps) {
	const text = String(value);
	if (text.startsWith("0x")) return <Hash value={text} {...(href !== undefined && { href })} />;
	if (field === "timestamp") return <span>{formatDate(text)}</span>;
	if (field === "feeWei")
		return (
			<span>
				{text} ({formatOpen(text, 9)} OPEN)
			</span>
		);
	return <span>{text}</span>;
}
