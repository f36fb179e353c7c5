// The events of a stream as they come (text/event-stream, WHATWG HTML section 9.2): only their data. It must not know what they say.

/** A line may have so many characters; a server that sends more means harm. */
const MOST_CHARACTERS = 4 * 1024 * 1024;

/** Yields the data of each event, lines of one event joined by newlines. Throws where the stream breaks or is no UTF-8. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
	const reader = body.getReader();
	const decoder = new TextDecoder("utf-8", { fatal: true });
	let rest = "";
	let data: string[] = [];
	try {
		for (;;) {
			const { done, value } = await reader.read();
			if (done) return;
			rest += decoder.decode(value, { stream: true });
			if (rest.length > MOST_CHARACTERS) throw new Error(`a line of more than ${MOST_CHARACTERS} characters`);
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
	} finally {
		reader.cancel().catch(() => {});
	}
}
