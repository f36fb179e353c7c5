// Pieces of an answer for `for await`, with a turn of the event loop before each, so that a server stays awake while a model speaks.

const turn = (): Promise<void> =>
	new Promise((resolve) => {
		if (typeof setImmediate === "function") setImmediate(resolve);
		else setTimeout(resolve, 0);
	});

/** The same pieces and the same end; leaving the loop ends the pieces too. */
export async function* inTurns<Piece, End>(
	pieces: Generator<Piece, End, undefined>,
): AsyncGenerator<Piece, End, undefined> {
	try {
		for (;;) {
			await turn();
			const step = pieces.next();
			if (step.done === true) return step.value;
			yield step.value;
		}
	} finally {
		pieces.return(undefined as never);
	}
}
