// Server-sent events as a body: data in, bytes out, and word when the reader has left. It must not know what the events say.

export interface EventStream {
	readonly body: ReadableStream<Uint8Array>;
	/** One `data:` event; nothing after the end. */
	send(data: object | "[DONE]"): void;
	/** A line that readers pass over, so that proxies see something move. */
	comment(text: string): void;
	end(): void;
}

export const EVENT_STREAM_HEADERS = {
	"content-type": "text/event-stream; charset=utf-8",
	"cache-control": "no-cache, no-transform",
	// Proxies of nginx's kind would otherwise collect the pieces.
	"x-accel-buffering": "no",
} as const;

/** Legal in JSON, and line ends to readers that split text where Unicode says: an event is one line to everybody. */
const LINE_ENDS = /[\u0085\u2028\u2029]/g;
const escaped = (end: string): string => `\\u${end.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** What a slow reader has not fetched waits in memory: the sender bounds it by how much an answer may hold. */
export function createEventStream(onLeave: () => void): EventStream {
	const encoder = new TextEncoder();
	let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
	const body = new ReadableStream<Uint8Array>({
		start(made) {
			controller = made;
		},
		cancel() {
			controller = undefined;
			onLeave();
		},
	});
	return {
		body,
		send(data) {
			const text = typeof data === "string" ? data : JSON.stringify(data).replace(LINE_ENDS, escaped);
			controller?.enqueue(encoder.encode(`data: ${text}\n\n`));
		},
		comment(text) {
			controller?.enqueue(encoder.encode(`: ${text}\n\n`));
		},
		end() {
			controller?.close();
			controller = undefined;
		},
	};
}
