// A dialog over the page, by the browser's own element: it keeps the focus inside, closes on Escape and gives the focus back.

import { type ReactNode, useEffect, useId, useRef } from "react";
import { Button } from "./Button.js";

type DialogProps = {
	readonly title: string;
	readonly isOpen: boolean;
	readonly onClose: () => void;
	readonly children: ReactNode;
};

export function Dialog({ title, isOpen, onClose, children }: DialogProps) {
	const ref = useRef<HTMLDialogElement>(null);
	const id = useId();
	useEffect(() => {
		const dialog = ref.current;
		if (dialog === null) return;
		if (isOpen && !dialog.open) dialog.showModal();
		if (!isOpen && dialog.open) dialog.close();
	}, [isOpen]);
	return (
		<dialog
			ref={ref}
			aria-labelledby={id}
			onClose={onClose}
			className="w-[min(36rem,calc(100vw-2rem))] rounded-xl border border-line bg-card p-5 text-ink backdrop:bg-black/50"
		>
			{isOpen && (
				<>
					<div className="mb-3 flex items-center justify-between gap-3">
						<h2 id={id} className="text-lg font-semibold">
							{title}
						</h2>
						<Button onClick={onClose} aria-label="Close">
							✕
						</Button>
					</div>
					{children}
				</>
			)}
		</dialog>
	);
}
