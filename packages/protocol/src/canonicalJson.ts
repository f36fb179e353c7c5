// One JSON text per value, so that it can be hashed: sorted keys, no spaces, integers only. It must not know any record.
import { isWellFormed } from "./bytes.js";
import { CallerError } from "./errors.js";

const MAX_DEPTH = 64;

/**
 * The canonical JSON text of null, booleans, well-formed strings, safe integers, arrays and plain objects.
 *
 * Keys are sorted by UTF-16 code unit, as in RFC 8785. Throws `protocol/not-canonical`, naming the path, for whatever has
 * no single text: floats, −0, bigint, undefined, lone surrogates, class instances, cycles (deeper than 64).
 */
export function canonicalJson(value: unknown): string {
	return write(value, "$", 0);
}

function write(value: unknown, path: string, depth: number): string {
	if (depth > MAX_DEPTH)
		throw notCanonical(path, `more than ${MAX_DEPTH} levels deep`, "a shallower value without cycles");
	if (value === null || typeof value === "boolean") return String(value);
	if (typeof value === "string") return writeString(value, path);
	if (typeof value === "number") {
		if (Number.isSafeInteger(value) && !Object.is(value, -0)) return String(value);
		throw notCanonical(path, "not a safe integer", "an integer within ±(2^53−1), or a decimal string");
	}
	if (Array.isArray(value)) {
		return `[${Array.from(value, (item, index) => write(item, `${path}[${index}]`, depth + 1)).join(",")}]`;
	}
	if (typeof value === "object" && isPlain(value)) {
		const members = Object.keys(value)
			.sort()
			.map((key) => {
				const member = (value as Record<string, unknown>)[key];
				return `${writeString(key, path)}:${write(member, `${path}.${key}`, depth + 1)}`;
			});
		return `{${members.join(",")}}`;
	}
	throw notCanonical(path, `a ${typeof value} without a JSON form`, "a decimal string for a bigint, null for nothing");
}

function writeString(text: string, path: string): string {
	if (!isWellFormed(text)) throw notCanonical(path, "half a surrogate pair", "well-formed Unicode");
	return JSON.stringify(text);
}

function isPlain(value: object): boolean {
	const prototype = Object.getPrototypeOf(value);
	return prototype === Object.prototype || prototype === null;
}

function notCanonical(path: string, what: string, right: string): CallerError {
	return new CallerError(`${path} is ${what}; use ${right}`, { code: "protocol/not-canonical", details: { path } });
}
