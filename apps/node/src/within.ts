// Waits for work, but not for ever. It must not know what the work is.

/** Resolves when the work has ended, however it ended, or after so many milliseconds; true if it had ended. */
export async function within(work: Promise<unknown>, ms: number): Promise<boolean> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<false>((resolve) => {
		timer = setTimeout(() => resolve(false), ms);
	});
	const ended = work.then(
		() => true as const,
		() => true as const,
	);
	try {
		return await Promise.race([ended, late]);
	} finally {
		clearTimeout(timer);
	}
}
