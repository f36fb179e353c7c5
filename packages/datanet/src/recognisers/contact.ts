// E-mail addresses and telephone numbers. It must not know rows.
import { before, digitsOf, type Found, places, type Recogniser } from "./recogniser.js";

const LOCAL = /[\p{L}\p{N}._%+'-]{1,64}$/u;
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,4}[a-z]{2,24}(?![\w-])/i;
// Names kept for documents (RFC 2606), and endings that files have and domains have not.
const NOBODYS = /(?:^|\.)(?:example\.(?:com|org|net)|example|test|invalid|localhost|local)$/i;
const FILES = /\.(?:png|jpe?g|gif|svg|webp|css|js|mjs|ts|tsx|json|html?|md|txt|pdf)$/i;

export const email: Recogniser = {
	name: "email",
	kind: "personal",
	version: 1,
	may: ({ at }) => at,
	find(text) {
		const found: Found[] = [];
		for (let at = text.indexOf("@"); at !== -1; at = text.indexOf("@", at + 1)) {
			const local = LOCAL.exec(text.slice(Math.max(0, at - 64), at))?.[0].replace(/^['.]+/, "");
			const domain = DOMAIN.exec(text.slice(at + 1, at + 256))?.[0];
			if (!local || local.endsWith(".") || domain === undefined) continue;
			const end = at + 1 + domain.length;
			// git@host:owner/project is an address of a machine.
			const isRemote = local === "git" && /^[:/]\S/.test(text.slice(end, end + 2));
			// Before it in a URL stands a password, which another recogniser looks for.
			const isPassword = /:\/\/[^\s/@]{0,64}$/.test(text.slice(Math.max(0, at - local.length - 67), at - local.length));
			if (NOBODYS.test(domain) || FILES.test(domain) || isRemote || isPassword) continue;
			found.push({ start: at - local.length, end });
		}
		return found;
	},
};

// Calling codes of ITU-T E.164 that are one or two digits long; all others have three.
const SHORT_CODES = new Set(
	"1 7 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98".split(
		" ",
	),
);
const LONG_CODES =
	/^(?:2[12]\d|23\d|24\d|25\d|26\d|29[0179]|3[578]\d|42[013]|50\d|59\d|67[02-9]|68\d|69[0-2]|80[08]|85[02356]|88[0168]|87[08]|96[0-8]|97[0-7]|99[2-68])/;
const NUMBER =
	/(?<![\w.+/-])\+?(?:\(\d{1,5}\)|\d{1,15})(?:[ .\-/]{0,2}\(\d{1,5}\)|[ .\-/]{1,2}\d{1,12}|(?<=\))\d{1,12}){0,6}(?![\w-])/g;
const NORTH_AMERICAN = /^(?:\+?1[ .-])?(?:\([2-9]\d\d\) ?|[2-9]\d\d([-. ]))[2-9]\d\d[-. ]\d{4}$/;
const CALL =
	/(?:\b(?:tel|tele?phone|phone|mobile|cell|fax|whatsapp|call|dial|ring|text|sms|reach|signal)|tel[eé]fono|m[oó]vil|celular|telefon|handy|portable|电话|電話)(?: (?:number|no|me|us|him|her|at|on|is|them|nr))*[\s.:#()]{0,3}$/;

export const phone: Recogniser = {
	name: "phone",
	kind: "personal",
	version: 1,
	may: ({ digits }) => digits >= 7,
	find(text) {
		return places(text, NUMBER, ([written], start) => {
			const digits = digitsOf(written);
			const most = written.startsWith("00") ? 17 : 15;
			if (digits.length < 7 || digits.length > most || new Set(digits).size < 3) return false;
			if (/^\d{4}-\d\d-\d\d$|^\+\d{1,3}\.\d+$/.test(written)) return false;
			if (written.startsWith("+")) return digits.length >= 8 && hasCallingCode(digits);
			if (NORTH_AMERICAN.test(written))
				return !/(?:isbn|order|part|model|serial|item|sku|case)\W{0,4}$/.test(before(text, start, 12));
			return CALL.test(before(text, start, 32));
		});
	},
};

function hasCallingCode(digits: string): boolean {
	return SHORT_CODES.has(digits[0]!) || SHORT_CODES.has(digits.slice(0, 2)) || LONG_CODES.test(digits);
}
