// A table that scrolls sideways within itself on a narrow screen, and says so to the keyboard.

import type { ReactNode } from "react";

export type Column<row> = {
	readonly head: string;
	readonly cell: (row: row, index: number) => ReactNode;
	readonly align?: "left" | "right";
	/** Left out on screens narrower than 640 px: what a phone can do without. */
	readonly wide?: boolean;
};

type TableProps<row> = {
	/** For screen readers: what the table lists. */
	readonly caption: string;
	readonly columns: readonly Column<row>[];
	readonly rows: readonly row[];
	readonly keyOf: (row: row, index: number) => string | number;
};

const cellLook = ({ align, wide }: Column<never>) =>
	`px-2 py-2 first:pl-0 last:pr-0 ${align === "right" ? "text-right" : "text-left"} ${wide ? "hidden sm:table-cell" : ""}`;

export function Table<row>({ caption, columns, rows, keyOf }: TableProps<row>) {
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
		<section className="-mx-1 overflow-x-auto px-1" aria-label={caption} tabIndex={0}>
			<table className="w-full border-collapse text-sm">
				<caption className="sr-only">{caption}</caption>
				<thead>
					<tr className="border-b border-line text-soft">
						{columns.map((column) => (
							<th
								key={column.head}
								scope="col"
								className={`font-medium whitespace-nowrap ${cellLook(column as Column<never>)}`}
							>
								{column.head}
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{rows.map((row, index) => (
						<tr key={keyOf(row, index)} className="border-b border-line last:border-0">
							{columns.map((column) => (
								<td key={column.head} className={`align-top ${cellLook(column as Column<never>)}`}>
									{column.cell(row, index)}
								</td>
							))}
						</tr>
					))}
				</tbody>
			</table>
		</section>
	);
}
