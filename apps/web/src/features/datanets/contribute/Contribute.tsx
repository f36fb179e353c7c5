// Contributing: who, a file, every row's verdict, a signature. Nothing is kept before the last.

import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { postJson } from "../../../shared/api/client.js";
import { hasToken } from "../../../shared/api/token.js";
import { formatCount } from "../../../shared/format/open.js";
import { Button } from "../../../shared/ui/Button.js";
import { Card } from "../../../shared/ui/Card.js";
import { SelectField } from "../../../shared/ui/Field.js";
import { Notice } from "../../../shared/ui/Notice.js";
import { UntrustedText } from "../../../shared/ui/UntrustedText.js";
import { useWallet } from "../../../shared/wallet/useWallet.js";
import type { Datanet, Examination } from "../types.js";
import { Contributor, isName, type Signer } from "./Contributor.js";
import { DropZone } from "./DropZone.js";
import { OpenDrafts } from "./OpenDrafts.js";
import { type Dropped, FORMATS, type Format, readDropped } from "./readDropped.js";
import { SignByNode } from "./SignByNode.js";
import { SignByWallet } from "./SignByWallet.js";
import { Verdicts } from "./Verdicts.js";

type Asked = { readonly file: Dropped; readonly contributor: string };

export function Contribute({ datanet }: { readonly datanet: Datanet }) {
	const { address } = useWallet();
	const [chosen, setSigner] = useState<Signer>();
	const [name, setName] = useState("");
	const [file, setFile] = useState<Dropped>();
	const [fault, setFault] = useState<string>();
	const signer = chosen ?? (address === undefined ? "node" : "wallet");
	const contributor = signer === "wallet" ? address?.toLowerCase() : isName(name) ? name : undefined;
	const examined = useMutation({
		mutationFn: ({ file: { format, content, encoding }, contributor: by }: Asked) =>
			postJson<Examination>(`/api/datanets/${encodeURIComponent(datanet.name)}/examinations`, {
				...{ contributor: by, format, content, encoding },
			}),
	});
	const { mutate } = examined;
	// Whose rows they are decides on some verdicts, so another contributor or file is examined anew.
	useEffect(() => {
		if (file === undefined || contributor === undefined) return;
		const timer = setTimeout(() => mutate({ file, contributor }), SETTLED_MS);
		return () => clearTimeout(timer);
	}, [file, contributor, mutate]);
	const take = async (given: File) => {
		setFault(undefined);
		try {
			setFile(await readDropped(given));
		} catch (error) {
			setFile(undefined);
			setFault(error instanceof Error ? error.message : String(error));
		}
	};
	const asked = examined.variables;
	const isCurrent = asked?.file === file && asked?.contributor === contributor;
	const verdicts = isCurrent ? examined.data : undefined;
	const step = signer === "wallet" ? "a wallet is connected" : "the contributor has a name";
	return (
		<div className="flex flex-col gap-5">
			{file === undefined && <OpenDrafts datanet={datanet} />}
			<Card title="1. Who contributes">
				<Contributor {...{ signer, name }} disabled={!hasToken()} onSigner={setSigner} onName={setName} />
			</Card>
			<Card title="2. A file of rows">
				<div className="flex flex-col gap-3">
					<DropZone onFile={take} disabled={!hasToken()} />
					{fault !== undefined && <Notice tone="bad">{fault}</Notice>}
					{file !== undefined && <FileLine file={file} onFormat={(format) => setFile({ ...file, format })} />}
				</div>
			</Card>
			{file !== undefined && (
				<Card title="3. Every row's verdict" aside="nothing is kept yet">
					{contributor === undefined && <Notice>The rows are examined as soon as {step}.</Notice>}
					{contributor !== undefined && verdicts === undefined && examined.error === null && (
						<p role="status">The node examines every row …</p>
					)}
					{isCurrent && examined.error !== null && (
						<Notice
							tone="bad"
							title="The file was not examined"
							action={<Button onClick={() => contributor && mutate({ file, contributor })}>Try again</Button>}
						>
							{examined.error.message}
						</Notice>
					)}
					{verdicts !== undefined && <Verdicts key={examined.submittedAt} examination={verdicts} />}
				</Card>
			)}
			{file !== undefined && contributor !== undefined && verdicts !== undefined && (
				<Card title="4. Sign">
					{signer === "wallet" ? (
						<SignByWallet
							key={examined.submittedAt}
							datanet={datanet}
							source={{ file }}
							accepted={verdicts.accepted}
							offered={verdicts.offered}
						/>
					) : (
						<SignByNode
							key={examined.submittedAt}
							{...{ datanet, file, contributor }}
							accepted={verdicts.accepted}
							offered={verdicts.offered}
						/>
					)}
				</Card>
			)}
		</div>
	);
}

/** Somebody who types a name is let finish. */
const SETTLED_MS = 400;

type FileLineProps = { readonly file: Dropped; readonly onFormat: (format: Format) => void };

function FileLine({ file: { name, bytes, format }, onFormat }: FileLineProps) {
	return (
		<div className="flex flex-wrap items-start justify-between gap-3 text-sm">
			<span className="min-w-0">
				<UntrustedText text={name} max={100} /> <span className="text-soft">{formatCount(bytes)} bytes</span>
			</span>
			<SelectField label="Read as" value={format} onChange={(event) => onFormat(event.target.value as Format)}>
				{FORMATS.map(([id, text]) => (
					<option key={id} value={id}>
						{text}
					</option>
				))}
			</SelectField>
		</div>
	);
}
