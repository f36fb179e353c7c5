// Answers piece by piece. The response begins with the first piece, so that what fails before it is an error with a status; one that has
// to wait long begins without, and shows that it is alive.

import type { AnswerForm } from "../request/answerForm.js";
import { type Answering, newId } from "./answering.js";
import { createEventStream, EVENT_STREAM_HEADERS } from "./eventStream.js";
import { failureOf } from "./requestLog.js";
import { report, type ServerContext } from "./serverContext.js";
import { streamAnswer } from "./streamAnswer.js";

/** Ends the visit when the answers have ended, which is after the response has begun; until then it throws. */
export async function answerStreamed(server: ServerContext, form: AnswerForm, answering: Answering): Promise<Response> {
	const { request, visit, signal, headers } = answering;
	const { fields, began } = visit;
	const events = createEventStream(answering.leave);
	const created = Math.floor(server.now() / 1000);
	const stream = streamAnswer({ form, request, events, id: newId(), created });

	let begun = false;
	let begin = () => {};
	const first = new Promise<void>((resolve) => {
		begin = resolve;
	});
	const alive = setInterval(() => {
		begun = true;
		events.comment("waiting");
		begin();
	}, server.aliveMs);
	const finished = answering
		.complete((choice, piece) => {
			begun = true;
			clearInterval(alive);
			stream.piece(choice, piece);
			begin();
		})
		.finally(() => clearInterval(alive))
		.then((completion) => {
			stream.done(completion);
			fields.outcome = "answered";
		})
		.catch((error: unknown) => {
			if (!begun) throw error;
			stream.failed(noteFailure(error));
		});
	await Promise.race([first, finished]);
	void finished.finally(() => {
		visit.end();
		report(server, fields, began, 200);
	});
	return new Response(events.body, { status: 200, headers: { ...EVENT_STREAM_HEADERS, ...headers } });

	function noteFailure(error: unknown) {
		const known = server.toApiError(error);
		fields.code = known.code;
		fields.outcome = signal.aborted ? "client-gone" : "failed";
		if (signal.aborted) server.metrics.clientGone();
		else server.metrics.refused(known.code);
		if (known.status >= 500 && !signal.aborted) {
			server.onError(error);
			fields.failure = failureOf(error);
		}
		return known;
	}
}
