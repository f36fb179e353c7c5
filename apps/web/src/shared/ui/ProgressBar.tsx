// How far something is.

type ProgressBarProps = { readonly label: string; readonly done: number; readonly total: number };

export function ProgressBar({ label, done, total }: ProgressBarProps) {
	const percent = total <= 0 ? 0 : Math.min(100, Math.floor((100 * done) / total));
	return (
		<div
			role="progressbar"
			aria-label={label}
			aria-valuemin={0}
			aria-valuemax={100}
			aria-valuenow={percent}
			className="h-2 overflow-hidden rounded-full bg-sunken"
		>
			<div className="h-full rounded-full bg-accent transition-[width]" style={{ width: `${percent}%` }} />
		</div>
	);
}
