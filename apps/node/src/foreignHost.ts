// Which names this machine answers to. A page elsewhere may let its own name point at 127.0.0.1; the browser then takes what answers there for
// the page's own, and says that name in the request. It must not know what is asked for.

/** As `URL` writes them. */
export const LOCAL_HOSTS: readonly string[] = ["127.0.0.1", "localhost", "[::1]"];

/** Whether a request was sent to this machine by one of its own names, or by one that its owner added. */
export function isOwnHost(url: string, more: readonly string[] = []): boolean {
	const { hostname } = new URL(url);
	return LOCAL_HOSTS.includes(hostname) || more.includes(hostname);
}

/** The refusal, in the form that OpenAI's clients read. */
export function foreignHost(url: string): Response {
	const { hostname } = new URL(url);
	const message = `this machine does not answer as ${hostname.slice(0, 100)}; call it as 127.0.0.1, or name it in OPENLEDGER_HOSTS`;
	const error = { message, type: "permission_error", param: null, code: "foreign_host" };
	return Response.json({ error }, { status: 403, headers: { "x-content-type-options": "nosniff" } });
}
