// Takes a file by drop or by choice.

import { type DragEvent, useId, useState } from "react";

type DropZoneProps = { readonly onFile: (file: File) => void; readonly disabled?: boolean };

const ACCEPT = ".jsonl,.ndjson,.json,.csv,.md,.markdown,.txt,text/plain,text/csv,text/markdown";

export function DropZone({ onFile, disabled = false }: DropZoneProps) {
	const id = useId();
	const [isOver, setOver] = useState(false);
	const over = (event: DragEvent) => {
		event.preventDefault();
		setOver(!disabled);
	};
	const drop = (event: DragEvent) => {
		event.preventDefault();
		setOver(false);
		const [file] = event.dataTransfer.files;
		if (!disabled && file !== undefined) onFile(file);
	};
	return (
		// biome-ignore lint/a11y/noStaticElementInteractions: dropping is the pointer's way; the file field inside is everybody's
		<div
			onDragOver={over}
			onDragLeave={() => setOver(false)}
			onDrop={drop}
			className={`flex flex-col items-center gap-2 rounded-xl border-2 border-dashed px-4 py-8 text-center ${isOver ? "border-accent bg-accent-wash" : "border-line"}`}
		>
			<label htmlFor={id} className="font-medium">
				Drop a file of rows here, or choose one
			</label>
			<input
				id={id}
				type="file"
				accept={ACCEPT}
				disabled={disabled}
				onChange={(event) => {
					const [file] = event.target.files ?? [];
					// The same file may be chosen again after it was changed.
					event.target.value = "";
					if (file !== undefined) onFile(file);
				}}
				className="max-w-full text-sm file:mr-3 file:min-h-9 file:rounded-lg file:border file:border-line file:bg-card file:px-3 file:text-ink"
			/>
			<p className="max-w-lg text-sm text-soft">
				JSON Lines or CSV with <code>prompt</code> and <code>response</code>, Markdown by sections, or plain text by
				paragraphs. At most 64 MB. Nothing is kept until you sign.
			</p>
		</div>
	);
}
