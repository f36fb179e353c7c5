// A request's body, never more of it than allowed, however its length is told. It must not know what it says.

import { ApiError } from "../errors.js";

/** Throws 413 as soon as the body is known to be too long, and 499 when the client leaves before its end. */
export async function readBytes(request: Request, most: number): Promise<Uint8Array> {
	const tooLong = () => new ApiError(413, "body_too_large", `the body may have at most ${most} bytes`);
	const told = request.headers.get("content-length");
	if (told !== null && Number(told) > most) throw tooLong();
	try {
		if (told !== null && !request.headers.has("transfer-encoding")) {
			const body = new Uint8Array(await request.arrayBuffer());
			if (body.byteLength > most) throw tooLong();
			return body;
		}
		return await readStream(request.body, most, tooLong);
	} catch (cause) {
		if (cause instanceof ApiError) throw cause;
		throw new ApiError(499, "client_gone", "the client left before its request was read", { cause });
	}
}

async function readStream(
	stream: ReadableStream<Uint8Array> | null,
	most: number,
	tooLong: () => ApiError,
): Promise<Uint8Array> {
	const pieces: Uint8Array[] = [];
	let length = 0;
	const reader = stream?.getReader();
	if (reader === undefined) return new Uint8Array();
	for (;;) {
		const { done, value } = await reader.read();
		if (done) return Buffer.concat(pieces);
		length += value.byteLength;
		if (length > most) {
			void reader.cancel().catch(() => {});
			throw tooLong();
		}
		pieces.push(value);
	}
}
