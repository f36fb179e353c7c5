// The management API of a node, as calls. It must not know whether the node runs elsewhere or in this process.

import { CallerError, TransientError } from "@openledger/protocol";

export type Api = {
	readonly url: string;
	/** Folder of the node, if it is on this machine. */
	readonly home: string;
	get<T>(path: string): Promise<T>;
	post<T>(path: string, body?: unknown): Promise<T>;
	/** A file, as it is. */
	bytes(path: string): Promise<Uint8Array>;
};

export type ApiTarget = { readonly url: string; readonly home: string; readonly token: () => string | undefined };

export function openApi({ url, home, token }: ApiTarget): Api {
	const call = async (path: string, init?: RequestInit): Promise<Response> => {
		let response: Response;
		try {
			response = await fetch(`${url}/api${path}`, init);
		} catch (cause) {
			throw new TransientError(`the node at ${url} does not answer; is it running? Start it with: openledger up`, {
				code: "cli/no-answer",
				cause,
			});
		}
		if (!response.ok) throw await failure(url, response);
		return response;
	};
	return {
		url,
		home,
		get: async <T>(path: string) => (await (await call(path)).json()) as T,
		async post<T>(path: string, body?: unknown) {
			const known = token();
			const headers = { "content-type": "application/json", ...(known && { authorization: `Bearer ${known}` }) };
			const response = await call(path, { method: "POST", headers, body: JSON.stringify(body ?? {}) });
			return (await response.json()) as T;
		},
		bytes: async (path) => new Uint8Array(await (await call(path)).arrayBuffer()),
	};
}

/** The node's own words, under the parent that says whether trying again can help. */
async function failure(url: string, response: Response): Promise<Error> {
	const text = await response.text();
	let said: { readonly code?: string; readonly message?: string } | undefined;
	try {
		said = (JSON.parse(text) as { error?: typeof said }).error;
	} catch {
		said = undefined;
	}
	const code = said?.code ?? "cli/bad-answer";
	const message = said?.message ?? `${url} answered ${response.status}; is it an OpenLedger node?`;
	if (response.status === 401) {
		const hint = "give the node's token in OPENLEDGER_TOKEN, or the folder of the node with --home";
		return new CallerError(`${url} wants its admin token: ${hint}`, { code });
	}
	return response.status < 500 ? new CallerError(message, { code }) : new TransientError(message, { code });
}
