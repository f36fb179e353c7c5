// Keys without a service's name on them: what stands before them, or their form, tells what they are. It must not know rows.
import { before, places, type Recogniser, variety } from "./recogniser.js";

const JWT = /(?<![\w-])(eyJ[A-Za-z0-9_-]{8,2000})\.eyJ[A-Za-z0-9_-]{4,4000}\.[A-Za-z0-9_-]{0,1000}/g;

export const jwt: Recogniser = {
	name: "jwt",
	kind: "secret",
	version: 1,
	may: ({ longest }) => longest >= 30,
	find: (text) => places(text, JWT, ([, header]) => hasAlgorithm(header!)),
};

/** RFC 7515: the header is a JSON object that names its algorithm. */
function hasAlgorithm(header: string): boolean {
	try {
		return typeof JSON.parse(Buffer.from(header, "base64url").toString("utf8")).alg === "string";
	} catch {
		return false;
	}
}

const PEM = /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----/g;

export const pem: Recogniser = {
	name: "pem",
	kind: "secret",
	version: 1,
	may: ({ longest }) => longest >= 10,
	find: (text) => places(text, PEM),
};

const HEX_KEY = /(?<![0-9a-z])(?:0x)?[0-9a-f]{64}(?![0-9a-z])/gi;
const KEY_WORD = /(?:private|secret|signing|deployer|wallet)[ _-]?key|priv[ _-]?key|\bsecret\b/;

/** 32 bytes of hex are a hash as often as a key: only the words before tell. */
export const privateKey: Recogniser = {
	name: "private-key",
	kind: "secret",
	version: 1,
	may: ({ longest }) => longest >= 64,
	find: (text) =>
		places(text, HEX_KEY, ([written], start) => {
			const words = before(text, start, 48);
			const last = words.lastIndexOf("hash");
			return variety(written) >= 8 && KEY_WORD.test(words.slice(last === -1 ? 0 : last));
		}),
};

const SEED =
	/(?<=\b(?:seed|recovery|mnemonic|backup)(?: (?:phrase|words))?(?: is)?\s?[:=]?\s{0,2}["“']?)(?:[a-z]{3,8} ){11}(?:[a-z]{3,8} ){0,12}[a-z]{3,8}(?![a-z])/gi;
const SENTENCE = /\b(?:the|and|for|with|that|this|from|your|are|was|has|into|which|when|must|should|never)\b/;

/** Twelve to twenty-four plain words right after what they are called. Words that no list of seeds has make it a sentence. */
export const seedPhrase: Recogniser = {
	name: "seed-phrase",
	kind: "secret",
	version: 1,
	may: ({ longest }) => longest >= 3,
	find(text) {
		if (!/seed|recovery|mnemonic|backup/i.test(text)) return [];
		return places(text, SEED, ([written]) => !SENTENCE.test(written.split(" ").slice(0, 12).join(" ").toLowerCase()));
	},
};

const URL_PASSWORD = /(?<![\w])[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@]{1,64}:([^\s:/@]{3,128})@[\w.-]{1,255}/gi;
const SAMPLE =
	/^(?:[<${[(*]|x{3,}|\*{3,}|\.{3})|your|my[_-]?(?:pass|secret|key|token)|example|changeme|change_me|placeholder|sample|dummy|redacted|process\.env|password$|passwd$|secret$|token$|undefined$|null$/i;

export const urlPassword: Recogniser = {
	name: "url-password",
	kind: "secret",
	version: 1,
	may: ({ at, colons }) => at && colons >= 2,
	find: (text) => places(text, URL_PASSWORD, ([, password]) => !SAMPLE.test(password!) && variety(password!) > 3),
};

const ASSIGNED =
	/(?<![A-Za-z0-9])(api[ _-]?key|access[ _-]?key|secret(?:[ _-]?key)?|(?:access|auth|bearer|refresh)[ _-]?token|client[ _-]?secret|token|passw(?:or)?d|passphrase|pwd|contraseña|passwort)["']?(?:\s{0,2}[:=]\s{0,2}|\s+is:?\s+|\s+)["'`]?([^\s"'`,;]{8,160})/gi;

/** A word for a secret, a sign between, and something that no word looks like. */
export const assignedSecret: Recogniser = {
	name: "assigned-secret",
	kind: "secret",
	version: 1,
	may: ({ longest }) => longest >= 8,
	find: (text) =>
		places(text, ASSIGNED, ([written, , given]) => {
			const value = given!.replace(/[.)\]]+$/, "");
			const isAssigned = /[:=]|\sis:?\s/i.test(written!.slice(0, written!.length - given!.length));
			const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(value)).length;
			if (SAMPLE.test(value) || !/\d/.test(value) || /^[\d.:/-]+$/.test(value) || /[({]/.test(value)) return false;
			return isAssigned
				? classes >= 2 && variety(value) >= 6
				: classes >= 3 && value.length >= 20 && variety(value) >= 12;
		}),
};
