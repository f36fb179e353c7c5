// The node's admin token, which changing anything needs. It comes in the link that `openledger up` prints, behind the #, which browsers
// never send; it stays in this tab alone and is gone when the tab closes.

const KEY = "openledger.token";

/** Takes `#token=…` out of the address, so that it is in no bookmark and no history. */
export function takeTokenFromAddress(): void {
	const given = new URLSearchParams(location.hash.slice(1)).get("token");
	if (given === null) return;
	if (/^[0-9a-f]{64}$/.test(given)) sessionStorage.setItem(KEY, given);
	history.replaceState(null, "", location.pathname + location.search);
}

export function readToken(): string | undefined {
	return sessionStorage.getItem(KEY) ?? undefined;
}

/** False where the page was opened without the token: everything can be seen, nothing changed through the node. */
export function hasToken(): boolean {
	return readToken() !== undefined;
}
