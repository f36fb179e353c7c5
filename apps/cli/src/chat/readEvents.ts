// The events of a stream as they come (text/event-stream, WHATWG HTML section 9.2): only their data. It must not know what they say.

import { TransientError } from "@openledger/protocol";

/** A line may have so many characters; a server that sends more means harm, or is none of ours. */
const MOST_CHARACTERS = 4 * 1024 * 1024;

/** Yields the data of each event, lines of one event joined by newlines. Throws `chat/bad-stream`. */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
	const decoder = new TextDecoder("utf-8", { fatal: true });
	let rest = "";
	let data: string[] = [];
	for await (const chunk of body) {
		try {
			rest += decoder.decode(chunk, { stream: true });
		} catch (cause) {
			throw new TransientError("the stream is not UTF-8; ask again", { code: "chat/bad-stream", cause });
		}
		if (rest.length > MOST_CHARACTERS) {
			throw new TransientError(
				`a line of the stream has more than ${MOST_CHARACTERS} characters; is it an OpenLedger server?`,
				{
					code: "chat/bad-stream",
				},
			);
		}
		// A carriage return at the end may be the first half of a line break.
		const lines = rest.split(/\r\n|\n|\r(?!$)/);
		rest = lines.pop()!;
		for (const line of lines) {
			if (line === "") {
				if (data.length > 0) yield data.join("\n");
				data = [];
			} else if (line.startsWith("data:")) data.push(line.slice(line[5] === " " ? 6 : 5));
		}
	}
}
