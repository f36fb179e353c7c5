import { expect, test } from "vitest";
import { CallerError, OpenLedgerError, TransientError } from "./errors.js";

test("default: code, cause and details are kept, the parent says whose fault it is", () => {
	const cause = new Error("disk");
	const error = new TransientError("try again", { code: "x/y", cause, details: { line: 3 } });
	expect(error).toBeInstanceOf(OpenLedgerError);
	expect(error).not.toBeInstanceOf(CallerError);
	expect([error.name, error.code, error.cause, error.details]).toEqual(["TransientError", "x/y", cause, { line: 3 }]);
});

test("behavior: without a cause there is no such property", () => {
	expect("cause" in new CallerError("no", { code: "x/y" })).toBe(false);
});
