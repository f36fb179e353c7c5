// From a body's bytes to fields that were checked, and from what was wrong with them to an error that names the field.

import type { z } from "zod";
import { ApiError } from "../errors.js";

/** Throws an `ApiError` that names the first field at fault. */
export function readBody<Schema extends z.ZodType>(body: Uint8Array, schema: Schema): z.infer<Schema> {
	let json: unknown;
	try {
		json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
	} catch (cause) {
		throw new ApiError(400, "invalid_json", "the body must be UTF-8 JSON", { cause });
	}
	const parsed = schema.safeParse(json);
	if (!parsed.success) throw fieldError(parsed.error.issues[0]!);
	return parsed.data;
}

const NAME_CHARS = 64;

function fieldError(issue: z.core.$ZodIssue): ApiError {
	const nested = unionIssue(issue);
	if (nested !== undefined) return fieldError({ ...nested, path: [...issue.path, ...nested.path] });
	if (issue.code === "unrecognized_keys") {
		const param = [...issue.path, issue.keys[0]!.slice(0, NAME_CHARS)].join(".");
		return new ApiError(400, "unsupported_field", `${param} is not supported; leave it out`, { param });
	}
	const param = issue.path.join(".");
	const code = issue.message.startsWith("is not supported") ? "unsupported_field" : "invalid_value";
	const message = `${param === "" ? "the body" : param}: ${issue.message}`;
	return new ApiError(400, code, message, param === "" ? {} : { param });
}

/** Of several forms that all failed, the fault of the one that came furthest: it is the one that was meant. */
function unionIssue(issue: z.core.$ZodIssue): z.core.$ZodIssue | undefined {
	if (issue.code !== "invalid_union" || issue.errors === undefined) return undefined;
	const first = issue.errors.flatMap((issues) => issues.slice(0, 1));
	return first.filter(({ path }) => path.length > 0).sort((a, b) => b.path.length - a.path.length)[0];
}
