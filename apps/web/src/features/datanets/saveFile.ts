// Gives a text as a file to keep.

export function saveFile(name: string, text: string, type: string): void {
	const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
	const link = document.createElement("a");
	link.href = url;
	link.download = name;
	link.click();
	// The browser has taken the file by the next turn.
	setTimeout(() => URL.revokeObjectURL(url), 1000);
}
