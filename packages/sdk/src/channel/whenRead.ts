// An answer that tells when it has been read to its end, or left: the pieces pass through as they come.
// It must not know what is in them.

/** The same response; `ended` is called once, and awaited before its reader learns that it is over. */
export function whenRead(response: Response, ended: () => Promise<void>): Response {
	let over: Promise<void> | undefined;
	const end = () => {
		over ??= ended();
		return over;
	};
	if (response.body === null) {
		end().catch(() => {});
		return response;
	}
	const reader = response.body.getReader();
	// Who aborts the request may never read again.
	reader.closed.then(end, end).catch(() => {});
	const body = new ReadableStream<Uint8Array>({
		async pull(controller) {
			try {
				const { done, value } = await reader.read();
				if (!done) return controller.enqueue(value);
				await end();
				controller.close();
			} catch (error) {
				await end();
				controller.error(error);
			}
		},
		async cancel(reason) {
			await reader.cancel(reason).catch(() => {});
			await end();
		},
	});
	return new Response(body, { status: response.status, statusText: response.statusText, headers: response.headers });
}
