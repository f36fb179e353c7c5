// Keys that services give out, each with the beginning that its service writes. It must not know rows.
import { places, type Recogniser, variety } from "./recogniser.js";

/** The name, the pattern, and the fewest different characters that a real one has. */
type Token = readonly [name: string, pattern: RegExp, variety?: number];

const TOKENS: readonly Token[] = [
	["aws-key", /(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Za-z0-9])/g],
	["github-token", /(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255})(?![A-Za-z0-9])/g],
	["gitlab-token", /(?<![A-Za-z0-9])gl(?:pat|dt|rt)-[A-Za-z0-9_-]{20,64}(?![A-Za-z0-9])/g],
	["slack-token", /(?<![A-Za-z0-9])xox[abeoprs]-(?=[A-Za-z-]{0,40}\d)[A-Za-z0-9-]{10,250}(?![A-Za-z0-9])/g],
	["google-key", /(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/g],
	["stripe-key", /(?<![A-Za-z0-9])[sr]k_(?:live|test)_[A-Za-z0-9]{16,247}(?![A-Za-z0-9])/g],
	["model-key", /(?<![A-Za-z0-9-])sk-(?=[A-Za-z0-9_-]{0,60}\d)[A-Za-z0-9_-]{20,250}(?![A-Za-z0-9])/g, 14],
	["hub-token", /(?<![A-Za-z0-9])hf_[A-Za-z0-9]{30,64}(?![A-Za-z0-9])/g],
	["npm-token", /(?<![A-Za-z0-9])npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])/g],
	["telegram-token", /(?<![A-Za-z0-9])\d{8,10}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])/g],
];

export const tokens: readonly Recogniser[] = TOKENS.map(([name, pattern, least = 8]) => ({
	name,
	kind: "secret",
	version: 1,
	may: ({ longest }) => longest >= 15,
	find: (text) => places(text, pattern, ([written]) => variety(written) >= least),
}));
