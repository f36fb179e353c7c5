// Holds the place of what is still loading.

export function Skeleton({ lines = 4 }: { readonly lines?: number }) {
	return (
		<div role="status" aria-label="Loading" className="flex flex-col gap-3 py-1">
			{Array.from({ length: lines }, (_, line) => (
				<div
					// biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name
					key={line}
					className="h-6 animate-pulse rounded bg-sunken"
					style={{ width: `${100 - ((line * 37) % 40)}%` }}
				/>
			))}
		</div>
	);
}
