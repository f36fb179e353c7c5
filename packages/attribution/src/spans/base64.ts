// Base64 of bytes, without Node: a browser verifies spans too.

/** Arguments of one call. */
const AT_ONCE = 8192;

export function base64(bytes: Uint8Array): string {
	let characters = "";
	for (let at = 0; at < bytes.length; at += AT_ONCE)
		characters += String.fromCharCode(...bytes.subarray(at, at + AT_ONCE));
	return btoa(characters);
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
	return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
