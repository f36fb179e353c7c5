// Keeps a long text from living on through a short cut of it.

/** The same short text in memory of its own; engines let a cut share the memory of the whole. */
export function copyText(text: string): string {
	const units: number[] = [];
	for (let i = 0; i < text.length; i++) units.push(text.charCodeAt(i));
	return String.fromCharCode(...units);
}
