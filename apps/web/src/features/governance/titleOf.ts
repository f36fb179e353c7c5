// A proposal's description: its first line is the title, the rest the reasons.

export function titleOf(description: string): string {
	const [first = ""] = description.split("\n");
	return first.trim() === "" ? "(without a title)" : first.trim();
}

export function reasonsOf(description: string): string {
	return description.split("\n").slice(1).join("\n").trim();
}
