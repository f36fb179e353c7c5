// Server-sent events out of a response body: the data of each event, as it comes. It must not know what the data mean.
// After the WHATWG HTML standard, "Server-sent events", parsing an event stream.

/** A single event of an answer has a few hundred bytes; more than this is no answer. */
const MAX_EVENT_CHARACTERS = 2 ** 20;

/** Data of the events, lines joined with "\n". Throws a RangeError for an endless event and a TypeError for text that is not UTF-8. */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
	const decoder = new TextDecoder("utf-8", { fatal: true });
	let text = "";
	let data: string[] = [];
	/** A "\r" at the end of a part may be half of a line's end. */
	const takeLine = (isLast: boolean): string | undefined => {
		const at = text.search(/[\r\n]/);
		if (at < 0 || (!isLast && text[at] === "\r" && at === text.length - 1)) return undefined;
		const line = text.slice(0, at);
		text = text.slice(text.startsWith("\r\n", at) ? at + 2 : at + 1);
		return line;
	};
	function* events(isLast: boolean): Generator<string, void, undefined> {
		for (let line = takeLine(isLast); line !== undefined; line = takeLine(isLast)) {
			if (line === "") {
				if (data.length > 0) yield data.join("\n");
				data = [];
			} else if (line.startsWith("data:")) data.push(line.slice(line[5] === " " ? 6 : 5));
			else if (line === "data") data.push("");
		}
	}
	for await (const part of body) {
		text += decoder.decode(part, { stream: true });
		yield* events(false);
		const held = data.reduce((sum, line) => sum + line.length, text.length);
		if (held > MAX_EVENT_CHARACTERS)
			throw new RangeError(`an event has more than ${MAX_EVENT_CHARACTERS} characters; it is cut off`);
	}
	text += decoder.decode();
	// What no empty line ends is not an event: the sender was cut off in the middle of it.
	yield* events(true);
}
