// One argument of a call or an event, as its name and type say: an account, an amount, a time, an id with a page. Texts are strangers'.

import { type AbiParameter, type Address, type Hex, hexToString } from "viem";
import { formatCount } from "../../shared/format/open.js";
import { formatDate } from "../../shared/format/time.js";
import { Amount } from "../../shared/ui/Amount.js";
import { Hash } from "../../shared/ui/Hash.js";
import { UntrustedText } from "../../shared/ui/UntrustedText.js";
import { Account } from "./Account.js";
import { inWords } from "./contracts.js";
import type { Argument } from "./decode.js";

/** Pages by the name of the argument that names their subject. */
const PAGES: Readonly<Record<string, string>> = {
	datanetId: "/datanets",
	modelId: "/models",
	receiptId: "/receipts",
	proposalId: "/governance",
	epoch: "/network/epochs",
};
/** Numbers between these, called like a time, are one. */
const FIRST_TIME = 1_500_000_000n;
const LAST_TIME = 10_000_000_000n;
const LISTED = 8;

/** "cumulativeWei" → "cumulative": what its unit is, its value says. */
const wordsOf = (name: string): string => inWords(name.replace(/(?<=.)(Wei(?=Per|$)|Ppm$)/, "").replace(/_$/, ""));

export function pageOf(name: string, value: unknown): string | undefined {
	const base = PAGES[name];
	return base === undefined ? undefined : `${base}/${encodeURIComponent(String(value))}`;
}

type ValueProps = Argument & {
	/** "openToken": what counts as an amount depends on who says it. */
	readonly contract?: string | undefined;
};

export function Value({ parameter, value, contract }: ValueProps) {
	const { type, name = "" } = parameter;
	if (value === undefined || value === null) return <span className="text-soft">not given</span>;
	if (Array.isArray(value)) return <List {...{ parameter, contract }} values={value} />;
	if (type === "tuple") return <Fields {...{ parameter, value, contract }} />;
	if (type === "address") return <Account address={value as Address} />;
	if (type === "bool") return value ? "yes" : "no";
	if (type === "string")
		return value === "" ? <i className="text-soft">empty</i> : <UntrustedText text={String(value)} />;
	if (type === "bytes32") return <Digest name={name} value={value as Hex} />;
	if (type.startsWith("bytes")) return <Bytes value={value as Hex} />;
	if (/^u?int/.test(type)) return <Count {...{ name, contract }} value={BigInt(value as bigint)} />;
	return <UntrustedText text={String(value)} />;
}

function Digest({ name, value }: { readonly name: string; readonly value: Hex }) {
	if (BigInt(value) === 0n) return <span className="text-soft">none (zero)</span>;
	const href = pageOf(name, value);
	if (href !== undefined) return <Hash value={value} href={href} />;
	// Keys of constants and roles are texts in 32 bytes.
	const text = hexToString(value, { size: 32 });
	return /^[A-Za-z]{2,31}$/.test(text) ? <Hash value={value} name={text} /> : <Hash value={value} />;
}

type CountProps = { readonly name: string; readonly value: bigint; readonly contract?: string | undefined };

function Count({ name, value, contract }: CountProps) {
	const href = pageOf(name, value);
	if (href !== undefined) return <Hash value={String(value)} name={String(value)} href={href} copy={false} />;
	const isMoney = /Wei(Per1000)?$/.test(name) || (contract === "openToken" && /value|votes/i.test(name));
	// The greatest number stands for no limit.
	if (isMoney) return value > 10n ** 45n ? "no limit" : <Amount wei={value} places={18} />;
	if (/(Ends|At|By|deadline|expiry|valid|voteStart|voteEnd)/.test(name) && value > FIRST_TIME && value < LAST_TIME)
		return formatDate(String(value));
	if (/Ppm$/.test(name)) return `${formatCount(value)} ppm`;
	return formatCount(value);
}

function Bytes({ value }: { readonly value: Hex }) {
	if (value.length <= 66) return <Hash value={value} />;
	return (
		<span>
			<Hash value={value} /> <span className="text-soft">{formatCount((value.length - 2) / 2)} bytes</span>
		</span>
	);
}

type ListProps = {
	readonly parameter: AbiParameter;
	readonly values: readonly unknown[];
	readonly contract?: string | undefined;
};

function List({ parameter, values, contract }: ListProps) {
	const one = { ...parameter, type: parameter.type.replace(/\[\d*\]$/, "") } as AbiParameter;
	if (values.length === 0) return <span className="text-soft">none</span>;
	const item = (value: unknown, at: number) => (
		<li key={at}>
			<Value parameter={one} value={value} contract={contract} />
		</li>
	);
	return (
		<>
			<ol className="list-decimal pl-5 marker:text-soft">{values.slice(0, LISTED).map(item)}</ol>
			{values.length > LISTED && (
				<details>
					<summary className="cursor-pointer text-soft">{formatCount(values.length - LISTED)} more</summary>
					<ol start={LISTED + 1} className="list-decimal pl-5 marker:text-soft">
						{values.slice(LISTED).map((value, i) => item(value, LISTED + i))}
					</ol>
				</details>
			)}
		</>
	);
}

function Fields({ parameter, value, contract }: ValueProps) {
	const { components = [] } = parameter as { readonly components?: readonly AbiParameter[] };
	const given = value as Readonly<Record<string, unknown>>;
	return (
		<div className="border-l-2 border-line pl-3">
			<Arguments of={components.map((one) => ({ parameter: one, value: given[one.name ?? ""] }))} contract={contract} />
		</div>
	);
}

export function Arguments({
	of,
	contract,
}: {
	readonly of: readonly Argument[];
	readonly contract?: string | undefined;
}) {
	return (
		<dl className="grid grid-cols-1 gap-x-4 gap-y-1 text-sm sm:grid-cols-[minmax(8rem,max-content)_1fr]">
			{of.map(({ parameter, value }, i) => (
				<div key={parameter.name || i} className="contents">
					<dt className="text-soft" title={`${parameter.type} ${parameter.name ?? ""}`}>
						{parameter.name ? wordsOf(parameter.name) : `argument ${i + 1}`}
					</dt>
					<dd className="mb-1 min-w-0 [overflow-wrap:anywhere] sm:mb-0">
						<Value {...{ parameter, value, contract }} />
					</dd>
				</div>
			))}
		</dl>
	);
}
