// Who asks: the holder of a key, or anybody where that is allowed. It must not know what is asked.

import { ApiError } from "../errors.js";
import { hashKey, type KeyLimits, type KeyStore, sameHash } from "../limits/keyStore.js";

export interface AuthoriseOptions {
	/** Without one, nobody needs a key, and keys that are sent are not looked at: billing may know them. */
	readonly keys?: KeyStore | undefined;
	/** Lets requests without a key in although there are keys. */
	readonly anonymous?: boolean | undefined;
	readonly anonymousLimits?: KeyLimits | undefined;
}

export interface Authorised {
	/** The key's name, or "anonymous". */
	readonly tenant: string;
	/** Whose limits are counted together. */
	readonly counted: string;
	readonly limits: KeyLimits;
}

const NO_LIMITS: KeyLimits = {};

/** Throws 401 `invalid_api_key`. `address` is where an anonymous request came from. */
export function authorise(options: AuthoriseOptions, authorization: string | null, address = ""): Authorised {
	const { keys, anonymous = false, anonymousLimits = NO_LIMITS } = options;
	const nobody = { tenant: "anonymous", counted: `address ${address}`, limits: anonymousLimits };
	if (keys === undefined) return nobody;
	const key = bearer(authorization);
	if (key === undefined) {
		if (anonymous) return nobody;
		const message = "an API key is needed; send it as Authorization: Bearer …";
		throw new ApiError(401, "invalid_api_key", message);
	}
	const found = keys.find(hashKey(key));
	if (found === undefined) throw new ApiError(401, "invalid_api_key", "this API key is not known here");
	return { tenant: found.name, counted: `key ${found.sha256}`, limits: found.limits ?? NO_LIMITS };
}

/** Throws 403 where there is no admin key, and 401 where another one came. */
export function requireAdmin(adminHash: string | undefined, authorization: string | null): void {
	if (adminHash === undefined) {
		const message = "adapters cannot be changed over HTTP: this server was started without an admin key";
		throw new ApiError(403, "admin_disabled", message);
	}
	const key = bearer(authorization);
	if (key !== undefined && sameHash(hashKey(key), adminHash)) return;
	throw new ApiError(401, "invalid_api_key", "the admin key is needed; send it as Authorization: Bearer …");
}

/** Whether the list of models is open to this request: then names of adapters are nothing new to it. The operator's key opens it too. */
export function mayListModels(
	{ keys, anonymous = false }: AuthoriseOptions,
	adminHash: string | undefined,
	authorization: string | null,
): boolean {
	if (keys === undefined || anonymous) return true;
	const key = bearer(authorization);
	if (key === undefined) return false;
	const hash = hashKey(key);
	return keys.find(hash) !== undefined || (adminHash !== undefined && sameHash(hash, adminHash));
}

function bearer(authorization: string | null): string | undefined {
	const [, key] = /^Bearer +([\x21-\x7e]{1,512})$/i.exec(authorization?.trim() ?? "") ?? [];
	return key;
}
