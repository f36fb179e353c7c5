// Gets a signed receipt from a node and makes sure that it is the one asked for. It must not trust the node.
import {
	CallerError,
	checkReceipt,
	type Hex,
	RECEIPT_FIELDS,
	type Receipt,
	receiptId,
	TransientError,
} from "@openledger/protocol";

export type FetchReceipt = {
	/** Where the node answers, for instance `http://127.0.0.1:8400`. */
	readonly url: string;
	readonly receiptId: Hex;
	readonly fetch?: typeof fetch;
};

export type SignedReceipt = { readonly id: Hex; readonly receipt: Receipt; readonly signature: Hex };

/**
 * Fetches a receipt. Throws `sdk/no-receipt` if the node has none of that id, `sdk/other-receipt` if what it sends is not
 * that receipt, and `sdk/unreachable` if it does not answer.
 */
export async function fetchReceipt({ url, receiptId: id, fetch: carry = fetch }: FetchReceipt): Promise<SignedReceipt> {
	const address = new URL(`/api/receipts/${id}`, url);
	let response: Response;
	try {
		response = await carry(address);
	} catch (cause) {
		throw new TransientError(`no answer from ${address.origin}; start the node or name another`, {
			code: "sdk/unreachable",
			cause,
		});
	}
	if (response.status >= 500) {
		throw new TransientError(`${address.origin} answered ${response.status}; try again later`, {
			code: "sdk/unreachable",
		});
	}
	if (!response.ok) {
		throw new CallerError(`${address.origin} has no receipt ${id}; ask the node that gave the answer`, {
			code: "sdk/no-receipt",
		});
	}
	return checkSigned(id, await readJson(response).catch(() => undefined));
}

/** A receipt takes some 3 KB, its answer and shares some more; a node that sends this much means harm. */
const MAX_BYTES = 4 * 1024 * 1024;

async function readJson(response: Response): Promise<unknown> {
	const decoder = new TextDecoder("utf-8", { fatal: true });
	let text = "";
	let bytes = 0;
	// By its reader, as not every browser walks a stream by itself.
	const reader = response.body?.getReader();
	for (let read = await reader?.read(); read?.value !== undefined; read = await reader?.read()) {
		bytes += read.value.length;
		if (bytes > MAX_BYTES) {
			await reader?.cancel();
			throw new Error(`more than ${MAX_BYTES} bytes`);
		}
		text += decoder.decode(read.value, { stream: true });
	}
	return JSON.parse(text + decoder.decode());
}

function checkSigned(id: Hex, body: unknown): SignedReceipt {
	const { receipt: json, signature } = (body ?? {}) as { receipt?: Record<string, unknown>; signature?: unknown };
	const other = (cause?: unknown) =>
		new CallerError(`what the node sent is not receipt ${id}; ask another node, and trust this one less`, {
			code: "sdk/other-receipt",
			cause,
		});
	if (json === undefined || json === null || typeof signature !== "string" || !signature.startsWith("0x"))
		throw other();
	let receipt: Receipt;
	try {
		receipt = checkReceipt(
			Object.fromEntries(RECEIPT_FIELDS.map(({ name, type }) => [name, parse(json[name], type)])) as Receipt,
		);
	} catch (cause) {
		throw other(cause);
	}
	if (receiptId(receipt) !== id.toLowerCase()) throw other();
	return { id, receipt, signature: signature as Hex };
}

/** Amounts and times travel as decimal strings. */
function parse(value: unknown, type: string): unknown {
	const decimal = (type === "uint256" || type === "uint64") && typeof value === "string" && /^\d{1,78}$/.test(value);
	return decimal ? BigInt(value) : value;
}
