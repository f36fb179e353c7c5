// A value out of a stranger's JSON as a few words for an error: short, and never deep enough to run out of stack.

/** Numbers, strings and the like as JSON, cut at 100 characters; lists and objects by their kind. */
export function showValue(value: unknown): string {
	if (value === undefined) return "nothing";
	if (Array.isArray(value)) return value.length === 0 ? "[]" : "a list";
	if (value !== null && typeof value === "object") return "an object";
	const text = JSON.stringify(value);
	return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
