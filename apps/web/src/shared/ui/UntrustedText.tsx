// Text that a stranger wrote: its direction stays within it, what is invisible is shown, what is too long is cut.

import { visibleText } from "../format/visibleText.js";

type UntrustedTextProps = {
	readonly text: string;
	readonly max?: number;
	/** Keeps line breaks. */
	readonly block?: boolean;
};

export function UntrustedText({ text, max = 2000, block = false }: UntrustedTextProps) {
	return (
		<bdi className={`[overflow-wrap:anywhere] ${block ? "block whitespace-pre-wrap" : ""}`}>
			{visibleText(text, { max })}
		</bdi>
	);
}
