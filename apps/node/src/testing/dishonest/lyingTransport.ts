// Verification in a browser's worker, run here without the browser: over a socket, with whatever a node hands over bent on its way.

import type {
	CheckEnded,
	Verified,
	VerifyMessage,
	VerifyRequest,
} from "../../../../web/src/shared/verification/messages.js";
import type { KeptBytes } from "../../../../web/src/worker/evidenceSource.js";
import { verifyReceipt } from "../../../../web/src/worker/verifyReceipt.js";

export type { KeptBytes };

/** Changes what comes from a path; undefined leaves it. */
export type Lie = (path: string, bytes: Buffer) => Uint8Array | undefined;

export async function verifyElsewhere(
	asked: Pick<VerifyRequest, "receiptId" | "origin"> & Partial<VerifyRequest>,
	lie: Lie = () => undefined,
	kept?: KeptBytes,
) {
	const messages: VerifyMessage[] = [];
	const shown = asked.shown ?? (await shownOf(asked));
	const carry = async (address: string | URL | Request) => {
		const response = await fetch(address);
		if (!response.ok) return response;
		const bytes = Buffer.from(await response.arrayBuffer());
		const told = lie(new URL(String(address)).pathname, bytes) ?? bytes;
		return new Response(told as Uint8Array<ArrayBuffer>, { status: told.length === 0 ? 404 : 200 });
	};
	const request = { rows: 2, withSpace: false, ...asked, shown };
	await verifyReceipt(request, {
		tell: (message) => messages.push(message),
		fetch: carry as typeof fetch,
		...(kept && { kept }),
	});
	const ended = messages.filter((message): message is { readonly kind: "end" } & CheckEnded => message.kind === "end");
	const last = messages.at(-1)!;
	return { messages, ended, last, done: last as { readonly kind: "done" } & Verified };
}

/** The receipt as an honest node shows it. */
export async function shownOf(asked: Pick<VerifyRequest, "receiptId" | "origin">): Promise<VerifyRequest["shown"]> {
	const page = await fetch(`${asked.origin}/api/receipts/${asked.receiptId}`).catch(() => undefined);
	return (await page?.json()) as VerifyRequest["shown"];
}

export const flip =
	(ends: string, at: (bytes: Buffer) => number = (bytes) => bytes.length >> 1): Lie =>
	(path, bytes) => {
		if (!path.endsWith(ends)) return undefined;
		const wrong = Buffer.from(bytes);
		wrong[at(bytes)]! ^= 1;
		return wrong;
	};
export const after = (text: string) => (bytes: Buffer) => bytes.indexOf(text) + text.length;
// biome-ignore lint/suspicious/noExplicitAny: whatever the node sends is bent here
export const bend = (ends: string, change: (json: any) => void): Lie => {
	return (path, bytes) => {
		if (!path.endsWith(ends)) return undefined;
		const lines = bytes.toString().trim().split("\n");
		const values = lines.map((line) => JSON.parse(line));
		change(lines.length === 1 ? values[0] : values);
		return Buffer.from(values.map((value) => JSON.stringify(value)).join("\n"));
	};
};
export const bumped = (hex: string) => hex.slice(0, -1) + (Number.parseInt(hex.at(-1)!, 16) ^ 1).toString(16);
