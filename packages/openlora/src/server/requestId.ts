// Every answer says which request it answers. It must not know what was asked.

const SANE = /^[\w.:-]{1,128}$/;

/** The client's own id where it is one, otherwise a new one. */
export function requestIdOf(header: string | null | undefined): string {
	return header != null && SANE.test(header) ? header : crypto.randomUUID();
}
