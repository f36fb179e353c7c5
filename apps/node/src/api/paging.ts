// `?limit=&before=` of a list: at most so many, the ones before a place.

import { CallerError } from "@openledger/protocol";
import type { Context } from "hono";

export type Page = { readonly limit: number; readonly before?: number | undefined };

/** Throws `api/bad-query` naming the parameter. */
export function readPage(c: Context, { most = 100, usual = 20 } = {}): Page {
	const limit = whole(c, "limit", 1, most) ?? usual;
	return { limit, before: whole(c, "before", 0, 2 ** 31 - 1) };
}

/** Undefined where it is not there. */
export function whole(c: Context, name: string, low: number, high: number): number | undefined {
	const text = c.req.query(name);
	if (text === undefined) return undefined;
	const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
	if (value >= low && value <= high) return value;
	throw new CallerError(`${name} must be a whole number from ${low} to ${high}`, {
		code: "api/bad-query",
		details: { name },
	});
}
