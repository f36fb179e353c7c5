// Talks to a server that `openledger serve` started: which one, with which key. It must not know what is asked.

import { join, resolve } from "node:path";
import { CallerError, TransientError } from "@openledger/protocol";
import { Option } from "commander";
import type { CliConfig } from "../config.js";
import { homeOption } from "../defineCommand.js";

export type ServerOptions = { readonly url?: string; readonly adminKeyFile?: string };

/** A model as the server lists it to its operator. */
export type ServedAdapter = {
	readonly id: string;
	readonly parent: string | null;
	readonly path?: string | null;
	readonly openledger: {
		readonly digest: string | null;
		readonly state?: "resident" | "on-disk" | "loading";
		readonly pinned?: boolean;
		readonly bytes?: number;
		readonly rank?: number;
	};
};

export type Server = {
	readonly url: string;
	get<T>(path: string): Promise<T>;
	/** The answer's text. */
	post(path: string, body: object): Promise<string>;
};

const DEFAULT_URL = "http://127.0.0.1:8000";

export const serverOptions = () => [
	new Option("--url <url>", `the server's address (default: the one running in the home, or ${DEFAULT_URL})`),
	new Option("--admin-key-file <file>", "file with its admin key (default: serve/admin-key in the home)"),
	homeOption(),
];

/** Throws `cli/no-admin-key` where the key's file is not there. */
export async function openServer(config: CliConfig, options: ServerOptions): Promise<Server> {
	const { readAdminKey, readNodeFile } = await import("@openledger/node");
	const folder = join(config.home, "serve");
	const url = (options.url ?? readNodeFile(folder)?.url ?? config.url ?? DEFAULT_URL).replace(/\/+$/, "");
	const file = resolve(options.adminKeyFile ?? join(folder, "admin-key"));
	const key = readAdminKey(file);
	if (key === undefined) {
		const message = `there is no admin key at ${file}; name the server's file with --admin-key-file, or start one here: openledger serve`;
		throw new CallerError(message, { code: "cli/no-admin-key" });
	}
	async function call(path: string, init: RequestInit = {}): Promise<string> {
		const headers = { "content-type": "application/json", authorization: `Bearer ${key}` };
		let response: Response;
		try {
			response = await fetch(`${url}${path}`, { ...init, headers });
		} catch (cause) {
			const message = `no server answers at ${url}; start one with: openledger serve --adapters FOLDER`;
			throw new TransientError(message, { code: "cli/no-answer", cause });
		}
		const text = await response.text();
		if (!response.ok) throw failure(url, response.status, text);
		return text;
	}
	return {
		url,
		get: async <T>(path: string) => JSON.parse(await call(path)) as T,
		post: (path, body) => call(path, { method: "POST", body: JSON.stringify(body) }),
	};
}

function failure(url: string, status: number, text: string): Error {
	let said: { readonly code?: string; readonly message?: string } | undefined;
	try {
		said = (JSON.parse(text) as { error?: typeof said }).error;
	} catch {
		said = undefined;
	}
	const code = said?.code ?? "cli/bad-answer";
	const message = said?.message ?? `${url} answered ${status}; is it a server that openledger serve started?`;
	return status >= 500 ? new TransientError(message, { code }) : new CallerError(message, { code });
}
