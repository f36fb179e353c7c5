// One constant and the value it shall have, with what holds now and the bounds.

import { formatParameter, meaningOf, unitOf } from "../../shared/format/parameter.js";
import { Button } from "../../shared/ui/Button.js";
import { SelectField, TextField } from "../../shared/ui/Field.js";
import { readValue } from "./readValue.js";
import type { Constant } from "./useGovernance.js";

/** The value as it was typed. */
export type Change = { readonly key: string; readonly text: string };

type ChangeFieldProps = {
	readonly constants: readonly Constant[];
	readonly change: Change;
	readonly onChange: (change: Change) => void;
	readonly onRemove?: () => void;
};

const EXAMPLES = { s: "2 h", OPEN: "12.5", "%": "5", "": "7" } as const;

export function ChangeField({ constants, change: { key, text }, onChange, onRemove }: ChangeFieldProps) {
	const constant = constants.find((one) => one.key === key)!;
	const show = (value: string) => formatParameter(key, value);
	const unit = unitOf(key);
	const value = readValue(key, text);
	const isOutside = value !== undefined && (value < BigInt(constant.min) || value > BigInt(constant.max));
	const bounds = `${show(constant.min)} to ${show(constant.max)}`;
	const fault =
		text.trim() === ""
			? undefined
			: value === undefined
				? `Write it like ${EXAMPLES[unit]}.`
				: isOutside
					? `It must lie within ${bounds}.`
					: undefined;
	return (
		<div
			className={`grid gap-x-4 gap-y-1 rounded-lg border border-line p-3 md:items-start ${onRemove === undefined ? "md:grid-cols-[2fr_1fr]" : "md:grid-cols-[2fr_1fr_auto]"}`}
		>
			<SelectField
				label="Constant"
				value={key}
				hint={`${meaningOf(key)}. Now ${show(constant.value)}.`}
				onChange={(event) => onChange({ key: event.target.value, text: "" })}
			>
				{constants.map((one) => (
					<option key={one.key} value={one.key}>
						{one.key}
					</option>
				))}
			</SelectField>
			<TextField
				label={unit === "" ? "New value" : `New value (${unit === "s" ? "s, min, h, d" : unit})`}
				placeholder={EXAMPLES[unit]}
				value={text}
				maxLength={60}
				autoComplete="off"
				error={fault}
				hint={value !== undefined ? `${show(String(value))}, within ${bounds}` : bounds}
				onChange={(event) => onChange({ key, text: event.target.value })}
			/>
			{onRemove !== undefined && (
				<Button className="md:mt-6" onClick={onRemove} aria-label={`Leave ${key} out`}>
					Remove
				</Button>
			)}
		</div>
	);
}
