// Addresses of people's machines. It must not know rows.
import { isIPv6 } from "node:net";
import { before, places, type Recogniser } from "./recogniser.js";

const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const V4 = new RegExp(`(?<![\\w.-])(?:${OCTET}\\.){3}${OCTET}(?![\\w-]|\\.\\d)`, "g");
// This host, private nets, link-local, shared, multicast and reserved: nobody's in particular (RFC 6890).
const NOBODYS_V4 =
	/^(?:0|10|127|22[4-9]|23\d|24\d|25[0-5])\.|^192\.168\.|^169\.254\.|^172\.(?:1[6-9]|2\d|3[01])\.|^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./;
const VERSION =
	/(?:\bv(?:er(?:sion)?)?|release|build|firmware|driver|section|clause|chapter|oid|chrome|firefox|android)[\s.:=/]{0,2}$/;

export const ipv4: Recogniser = {
	name: "ipv4",
	kind: "personal",
	version: 1,
	may: ({ digits, longest }) => digits >= 4 && longest >= 7,
	find: (text) =>
		places(text, V4, ([written], start) => !NOBODYS_V4.test(written) && !VERSION.test(before(text, start, 12))),
};

const V6 = /(?<![\w:.])[23][0-9a-f]{3}:(?:[0-9a-f]{0,4}:){1,6}[0-9a-f]{0,4}(?![\w:])/gi;

/** Global addresses only (2000::/3); times, prefixes of code and link-local ones look alike and say nothing. */
export const ipv6: Recogniser = {
	name: "ipv6",
	kind: "personal",
	version: 1,
	may: ({ colons }) => colons >= 2,
	find: (text) => places(text, V6, ([written]) => isIPv6(written)),
};

const MAC = /(?<![\w:-])[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}(?![\w:-])/gi;

export const mac: Recogniser = {
	name: "mac",
	kind: "personal",
	version: 1,
	may: ({ longest }) => longest >= 17,
	find: (text) => places(text, MAC, ([written]) => variety(written) > 3 && /\d/.test(written)),
};

function variety(text: string): number {
	return new Set(text.toLowerCase()).size;
}
