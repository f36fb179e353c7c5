// JSON in and out: amounts leave as decimals, bodies come in checked. It must not know any route.

import { CallerError } from "@openledger/protocol";
import type { Context } from "hono";
import type { z } from "zod";

export type Status = 200 | 201 | 202 | 400 | 401 | 403 | 404 | 413 | 500 | 503 | 504;

/** Sends a value; bigints become decimal strings. */
export function json(c: Context, value: unknown, status: Status = 200): Response {
	const text = JSON.stringify(value, (_key, item) => (typeof item === "bigint" ? item.toString() : item));
	return c.body(text, status, { "content-type": "application/json; charset=utf-8" });
}

/** Reads a body by its schema; throws `api/bad-body` naming the first field at fault. An empty body reads as {}. */
export async function readBody<schema extends z.ZodType>(c: Context, schema: schema): Promise<z.infer<schema>> {
	let value: unknown;
	try {
		const text = new TextDecoder("utf-8", { fatal: true }).decode(await c.req.arrayBuffer());
		value = text === "" ? {} : JSON.parse(text);
	} catch (cause) {
		throw new CallerError("the body must be UTF-8 JSON", { code: "api/bad-body", cause });
	}
	const parsed = schema.safeParse(value);
	if (parsed.success) return parsed.data;
	const issue = parsed.error.issues[0]!;
	const field = issue.path.join(".") || "the body";
	throw new CallerError(`${field}: ${issue.message}`, { code: "api/bad-body", details: { field } });
}

/** Reads what stands behind the ? by its schema; throws `api/bad-query` naming the first field at fault. */
export function readQuery<schema extends z.ZodType>(c: Context, schema: schema): z.infer<schema> {
	const parsed = schema.safeParse(c.req.query());
	if (parsed.success) return parsed.data;
	const issue = parsed.error.issues[0]!;
	const field = issue.path.join(".") || "the query";
	throw new CallerError(`${field}: ${issue.message}`, { code: "api/bad-query", details: { field } });
}
