// What a query gives, in all its states: a skeleton of the same height while it loads, the refusal in words, the empty state, the data. A
// failed refresh keeps what was there and says so.

import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Button } from "./Button.js";
import { Notice } from "./Notice.js";
import { Skeleton } from "./Skeleton.js";

type QueryViewProps<data> = {
	readonly query: UseQueryResult<data>;
	/** Lines of the skeleton, so that nothing jumps. */
	readonly lines?: number;
	readonly isEmpty?: (data: data) => boolean;
	readonly empty?: ReactNode;
	readonly children: (data: data) => ReactNode;
};

export function QueryView<data>({ query, lines = 4, isEmpty, empty, children }: QueryViewProps<data>) {
	const { data, error, isFetching, refetch } = query;
	const again = (
		<Button onClick={() => refetch()} busy={isFetching}>
			Try again
		</Button>
	);
	if (data === undefined) {
		if (error === null) return <Skeleton lines={lines} />;
		return (
			<Notice tone="bad" title="This could not be read" action={again}>
				{error.message}
			</Notice>
		);
	}
	return (
		<>
			{error !== null && (
				<div className="mb-3">
					<Notice tone="warn" title="Not up to date" action={again}>
						{error.message}
					</Notice>
				</div>
			)}
			{isEmpty?.(data) ? empty : children(data)}
		</>
	);
}
