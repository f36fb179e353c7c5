// Receipts for tests, in the form in which a node shows them: from plain ones to what a malicious stranger would write.

import type { ShownReceipt, ShownRow } from "../../client/records.js";

const digest = (byte: string) => `0x${byte.repeat(32)}`;
const account = (byte: string) => `0x${byte.repeat(20)}`;
const grace = { contributor: "grace", account: account("a1") };
const bruno = { contributor: "bruno", account: account("b2") };

/** One answer of eight bytes that two rows earned by, and that stands word for word in one. */
export const exampleReceipt: ShownReceipt = {
	id: digest("1f"),
	model: "world-1",
	receipt: {
		chainId: "612055",
		vault: account("c3"),
		paymentNonce: digest("02"),
		payer: account("d4"),
		modelId: digest("03"),
		adapterDigest: digest("04"),
		baseDigest: digest("05"),
		snapshotRoot: digest("06"),
		featuresRoot: digest("07"),
		engineId: digest("08"),
		promptHash: digest("09"),
		responseHash: digest("0a"),
		tokensIn: 11,
		tokensOut: 4,
		feeWei: "1170000000000000",
		method: digest("0b"),
		sharesRoot: digest("0c"),
		timestamp: "1795269473",
		queryDigest: digest("0e"),
		scoresRoot: digest("0f"),
	},
	signature: `0x${"5a".repeat(65)}`,
	salt: digest("0d"),
	order: { messages: [{ role: "user", content: "What is the currency of Albania?" }] },
	response: "The lek.",
	finishReason: "stop",
	epoch: 1,
	unattributedPpm: 0,
	fee: {
		platform: "100000000000000",
		contributors: "642000000000000",
		owner: "160500000000000",
		node: "160500000000000",
		stakers: "53500000000000",
		treasury: "53500000000000",
	},
	pool: { ppm: 0, wei: "0" },
	rowsLearnt: 364,
	rowsPaid: 2,
	shares: [
		{ ...grace, ppm: 964_078, wei: "618938076000000", rows: 1 },
		{ ...bruno, ppm: 35_922, wei: "23061924000000", rows: 1 },
	],
	rows: [
		{
			...{ row: 185, sharePpm: 964_078, wei: "618938076000000", ...grace },
			...{ prompt: "What is the currency of Albania?", response: "The lek." },
		},
		{
			...{ row: 48, sharePpm: 35_922, wei: "23061924000000", ...bruno },
			...{ prompt: "What is the currency of Honduras?", response: "The lempira." },
		},
	],
	spans: {
		...{ digest: digest("0e"), signature: `0x${"6b".repeat(65)}`, indexRoot: digest("0f") },
		spans: [
			{
				...{ start: 0, end: 8, count: 1, rarity: 5120 },
				places: [{ row: 185, contributor: "grace", field: "response", before: "", after: "" }],
			},
		],
	},
};

/** What a page must not fall for, and a terminal neither. */
export const HOSTILE: readonly string[] = [
	"<script>window.pwned = 1</script>",
	'"><img src="https://elsewhere.example/x.png" onerror="window.pwned = 2">',
	"</style><style>body { display: none }</style>",
	"]]></pre></details></main><script>window.pwned = 3</script>",
	"<!-- --><base href='https://elsewhere.example/'><meta http-equiv=refresh content='0;url=https://elsewhere.example/'>",
	"&lt;b&gt; &amp;amp; &#60;script&#62;",
	"javascript:window.pwned=4",
	"paid to \u202eecarg\u202c, not to \u2066bruno",
	"\u001b]0;title\u0007\u001b[31mred\u001b[2J\u0000\u0008\u009b1m\u007f",
	"half a pair \ud800 and \udfff",
	"zero\u200bwidth\ufeff and \u2028 separators \u{e0041}",
	"\u05e9\u05dc\u05d5\u05dd and \u0645\u0631\u062d\u0628\u0627 and \u6771\u4eac\u90fd and \u{1f98b}",
	"`+alert(1)+` {{constructor}} <%= 1 %>",
	"one\r\ntwo\rthree\tfour",
];

/** Every text of a receipt that a stranger writes is hostile, and one row's is as long as a hundred thousand characters. */
export function hostileReceipt(): ShownReceipt {
	const rows: ShownRow[] = HOSTILE.map((text, row) => ({
		...{ row, sharePpm: 1000, wei: "642000000000", contributor: text, account: account("e5") },
		...{ prompt: text, response: row === 0 ? "wide".repeat(25_000) : text, before: [{ role: text, content: text }] },
	}));
	const response = HOSTILE.join("\n");
	return {
		...exampleReceipt,
		...{ model: HOSTILE[0]!, signature: HOSTILE[1]!, response, rows, rowsPaid: 14, unattributedPpm: 986_000 },
		pool: { ppm: 986_000, wei: "633012000000000" },
		order: { messages: HOSTILE.map((content) => ({ role: content, content })) },
		shares: HOSTILE.map((contributor) => ({ contributor, account: account("e5"), ppm: 1000, wei: "1", rows: 1 })),
		spans: {
			...exampleReceipt.spans!,
			spans: HOSTILE.map((text, n) => ({
				...{ start: n, end: n + 20, count: 2, rarity: 1 },
				places: [{ row: n, contributor: text, field: text, before: text, after: text }],
			})),
		},
	};
}
