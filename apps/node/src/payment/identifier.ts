// The payer's own name for a payment (x402 extension payment-identifier): the same name is never charged twice.
// It must not know what is paid for.

import type { PaymentPayload } from "@x402/core/types";

const NAME = "payment-identifier";
const WELL_FORMED = /^[a-zA-Z0-9_-]{16,128}$/;

/** Says in a 402 that payments may be named, in the extension's own form. */
export const identifierExtension = {
	[NAME]: {
		info: { required: false },
		schema: {
			$schema: "https://json-schema.org/draft/2020-12/schema",
			type: "object",
			properties: {
				required: { type: "boolean" },
				id: { type: "string", minLength: 16, maxLength: 128, pattern: "^[a-zA-Z0-9_-]+$" },
			},
			required: ["required"],
		},
	},
} as const;

/** The name in a payment; undefined without one, and an error's text for one that is none. */
export function readIdentifier(payload: PaymentPayload): { readonly id?: string } | string {
	const extension = (payload.extensions as Record<string, unknown> | undefined)?.[NAME];
	const id = (extension as { info?: { id?: unknown } } | undefined)?.info?.id;
	if (id === undefined) return {};
	if (typeof id === "string" && WELL_FORMED.test(id)) return { id };
	return "a payment-identifier has 16 to 128 letters, digits, hyphens and underscores";
}
