// The form of a new datanet. What is written here goes on chain and can never be changed.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useLocation } from "wouter";
import { postJson } from "../../shared/api/client.js";
import { parseOpen } from "../../shared/format/open.js";
import { Button } from "../../shared/ui/Button.js";
import { SelectField, TextArea, TextField } from "../../shared/ui/Field.js";
import { Notice } from "../../shared/ui/Notice.js";
import type { Datanet, Rule } from "./types.js";
import { RULE_NAMES, RULE_TEXTS, RULES } from "./words.js";

const LICENCES = ["CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "MIT", "Apache-2.0", "ODC-By-1.0", "PDDL-1.0"];
const MOST_WEI = 1000n * 10n ** 18n;

const START = {
	name: "",
	licence: "CC0-1.0",
	contentType: "application/jsonl",
	schema: "",
	rule: "owner" as Rule,
	stake: "0",
	price: "0",
	terms: "",
};
type Fields = typeof START;

export function CreateDatanet() {
	const [fields, setFields] = useState<Fields>(START);
	const [isChecked, setChecked] = useState(false);
	const [, go] = useLocation();
	const queries = useQueryClient();
	const faults = faultsOf(fields);
	const made = useMutation({
		mutationFn: () => postJson<Datanet>("/api/datanets", bodyOf(fields)),
		onSuccess: async ({ name }) => {
			await queries.invalidateQueries({ queryKey: ["datanets"] });
			go(`/datanets/${encodeURIComponent(name)}?tab=contribute`);
		},
	});
	const put = (name: keyof Fields) => (event: { readonly target: { readonly value: string } }) =>
		setFields((before) => ({ ...before, [name]: event.target.value }));
	const shown = (name: keyof Fields) => (isChecked ? faults[name] : undefined);
	const create = (event: FormEvent) => {
		event.preventDefault();
		setChecked(true);
		if (Object.values(faults).every((fault) => fault === undefined)) made.mutate();
	};
	return (
		<form onSubmit={create} className="flex flex-col gap-2" noValidate>
			<TextField
				label="Name"
				required
				maxLength={40}
				value={fields.name}
				onChange={put("name")}
				error={shown("name")}
				hint="1 to 40 of a–z, 0–9 and hyphen"
				autoComplete="off"
			/>
			<SelectField
				label="Who decides on contributions"
				value={fields.rule}
				onChange={put("rule")}
				hint={RULE_TEXTS[fields.rule]}
			>
				{RULES.map((rule) => (
					<option key={rule} value={rule}>
						{RULE_NAMES[rule]}
					</option>
				))}
			</SelectField>
			<TextField
				label="Licence (SPDX)"
				maxLength={64}
				list="spdx-licences"
				value={fields.licence}
				onChange={put("licence")}
				error={shown("licence")}
				hint="Rows whose licence forbids this one are refused"
			/>
			<datalist id="spdx-licences">
				{LICENCES.map((licence) => (
					<option key={licence} value={licence} />
				))}
			</datalist>
			<div className="grid gap-x-3 sm:grid-cols-2">
				<TextField
					label="Stake per row (OPEN)"
					inputMode="decimal"
					value={fields.stake}
					onChange={put("stake")}
					error={shown("stake")}
					hint="Contributors put it down; lost for junk"
				/>
				<TextField
					label="Access price per row (OPEN)"
					inputMode="decimal"
					value={fields.price}
					onChange={put("price")}
					error={shown("price")}
					hint="What a training job pays"
				/>
			</div>
			<TextArea
				label="Terms"
				rows={3}
				maxLength={100_000}
				value={fields.terms}
				onChange={put("terms")}
				hint="What contributors agree to. Left empty: rows train models of this datanet, contributors earn by what their rows add to paid answers. Only its digest goes on chain."
			/>
			<details>
				<summary className="cursor-pointer py-1 text-sm text-soft">Content type and row schema</summary>
				<TextField
					label="Content type"
					maxLength={64}
					value={fields.contentType}
					onChange={put("contentType")}
					error={shown("contentType")}
				/>
				<TextArea
					label="JSON schema of a row"
					rows={5}
					spellCheck={false}
					className="font-mono"
					value={fields.schema}
					onChange={put("schema")}
					error={shown("schema")}
					hint="Of {prompt, response}; rows that do not fit are refused. Left empty: any row."
				/>
			</details>
			{made.error !== null && (
				<Notice tone="bad" title="It was not created">
					{made.error.message}
				</Notice>
			)}
			<div className="flex items-center justify-between gap-3">
				<p className="text-xs text-soft">All of this is fixed for ever once it is created.</p>
				<Button kind="primary" type="submit" busy={made.isPending}>
					Create datanet
				</Button>
			</div>
		</form>
	);
}

function faultsOf({ name, licence, contentType, schema, stake, price }: Fields): Partial<Record<keyof Fields, string>> {
	return {
		name: /^[a-z0-9][a-z0-9-]{0,39}$/.test(name) ? undefined : "Use 1 to 40 of a–z, 0–9 and hyphen",
		licence: isShort(licence) ? undefined : "1 to 64 bytes, for instance CC0-1.0",
		contentType: isShort(contentType) ? undefined : "1 to 64 bytes, for instance application/jsonl",
		schema: schema.trim() === "" || isObject(schema) ? undefined : "This is no JSON object",
		stake: isAmount(stake) ? undefined : "0 to 1000 OPEN, for instance 0.5",
		price: isAmount(price) ? undefined : "0 to 1000 OPEN, for instance 0.5",
	};
}

function bodyOf({ name, licence, contentType, schema, rule, stake, price, terms }: Fields) {
	return {
		...{ name, licence, contentType, rule },
		stakePerRowWei: String(parseOpen(stake)),
		accessPriceWei: String(parseOpen(price)),
		...(terms.trim() !== "" && { terms }),
		...(schema.trim() !== "" && { rowSchema: JSON.parse(schema) as unknown }),
	};
}

function isShort(text: string): boolean {
	const { length } = new TextEncoder().encode(text);
	return length >= 1 && length <= 64;
}

function isAmount(text: string): boolean {
	const wei = parseOpen(text);
	return wei !== undefined && wei <= MOST_WEI;
}

function isObject(text: string): boolean {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === "object" && value !== null && !Array.isArray(value);
	} catch {
		return false;
	}
}
