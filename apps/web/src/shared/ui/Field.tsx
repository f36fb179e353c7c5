// Form fields: a label above, a hint or what is wrong below, both told to screen readers.

import {
	type InputHTMLAttributes,
	type ReactNode,
	type SelectHTMLAttributes,
	type TextareaHTMLAttributes,
	useId,
} from "react";

type Told = { readonly label: string; readonly hint?: ReactNode; readonly error?: string | undefined };

const BOX =
	"w-full min-w-0 rounded-lg border border-line bg-card px-3 py-1.5 text-ink placeholder:text-soft aria-invalid:border-bad";

function Framed({ label, hint, error, id, children }: Told & { readonly id: string; readonly children: ReactNode }) {
	return (
		<div className="flex min-w-0 flex-col gap-1">
			<label htmlFor={id} className="text-sm font-medium">
				{label}
			</label>
			{children}
			<div id={`${id}-told`} className={`min-h-5 text-xs ${error === undefined ? "text-soft" : "text-bad"}`}>
				{error ?? hint}
			</div>
		</div>
	);
}

const told = (id: string, error: string | undefined) => ({
	"aria-describedby": `${id}-told`,
	"aria-invalid": error !== undefined,
});

export function TextField({ label, hint, error, ...rest }: Told & InputHTMLAttributes<HTMLInputElement>) {
	const id = useId();
	return (
		<Framed {...{ label, hint, error, id }}>
			<input id={id} type="text" {...told(id, error)} {...rest} className={`${BOX} min-h-9`} />
		</Framed>
	);
}

export function TextArea({ label, hint, error, ...rest }: Told & TextareaHTMLAttributes<HTMLTextAreaElement>) {
	const id = useId();
	return (
		<Framed {...{ label, hint, error, id }}>
			<textarea id={id} rows={4} {...told(id, error)} {...rest} className={BOX} />
		</Framed>
	);
}

export function SelectField({ label, hint, error, children, ...rest }: Told & SelectHTMLAttributes<HTMLSelectElement>) {
	const id = useId();
	return (
		<Framed {...{ label, hint, error, id }}>
			<select id={id} {...told(id, error)} {...rest} className={`${BOX} min-h-9`}>
				{children}
			</select>
		</Framed>
	);
}
