// What stands in an address or behind its question mark, checked. It must not know any route.

import { type Address, CallerError, checkAddress } from "@openledger/protocol";
import type { Context } from "hono";

/** A path's account, in small letters; throws `api/bad-address`. */
export function accountOf(c: Context, name = "account"): Address {
	const text = c.req.param(name) ?? "";
	try {
		return checkAddress(text.toLowerCase() as Address, name);
	} catch (cause) {
		const message = `${JSON.stringify(text.slice(0, 64))} is no address; it is 0x and 40 hex digits`;
		throw new CallerError(message, { code: "api/bad-address", cause });
	}
}

/** A whole number of the question, between bounds; throws `api/bad-query`. Undefined where it is not asked for. */
export function numberOf(c: Context, name: string, min: number, max: number): number | undefined {
	const text = c.req.query(name);
	if (text === undefined) return undefined;
	const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
	if (value >= min && value <= max) return value;
	throw new CallerError(`?${name}= must be a whole number from ${min} to ${max}`, {
		code: "api/bad-query",
		details: { name },
	});
}

/** How many of a list are asked for. */
export function limitOf(c: Context, { usual, most }: { readonly usual: number; readonly most: number }): number {
	return numberOf(c, "limit", 1, most) ?? usual;
}
