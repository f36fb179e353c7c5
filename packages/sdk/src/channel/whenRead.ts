// An answer that tells when it has been read to its end, or left: the pieces pass through as they come.
// It must not know what is in them.

/** The same response; `ended` is called once, told whether all was read, and awaited before its reader learns that it is over. */
export function whenRead(response: Response, ended: (whole: boolean) => Promise<void>): Response {
	let over: Promise<void> | undefined;
	let left = false;
	const end = (whole: boolean) => {
		over ??= ended(whole && !left);
		return over;
	};
	if (response.body === null) {
		end(true).catch(() => {});
		return response;
	}
	const reader = response.body.getReader();
	// Who aborts the request may never read again.
	reader.closed
		.then(
			() => end(true),
			() => end(false),
		)
		.catch(() => {});
	const body = new ReadableStream<Uint8Array>({
		async pull(controller) {
			try {
				const { done, value } = await reader.read();
				if (!done) return controller.enqueue(value);
				await end(true);
				controller.close();
			} catch (error) {
				await end(false);
				controller.error(error);
			}
		},
		async cancel(reason) {
			left = true;
			await reader.cancel(reason).catch(() => {});
			await end(false);
		},
	});
	return new Response(body, { status: response.status, statusText: response.statusText, headers: response.headers });
}
