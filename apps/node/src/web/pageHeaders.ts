// What every answer of the page tells the browser to refuse: scripts, styles and connections from anywhere but this node, framing, guessing of
// types. Isolated from other origins it may share memory among its workers, which the engine's threads need.

const POLICY = [
	"default-src 'none'",
	// WebAssembly alone: the engine's kernels. No eval, no inline script.
	"script-src 'self' 'wasm-unsafe-eval'",
	"style-src 'self'",
	// Wallets announce their icons as data.
	"img-src 'self' data:",
	"font-src 'self'",
	"connect-src 'self'",
	"worker-src 'self'",
	"base-uri 'none'",
	"form-action 'none'",
	"frame-ancestors 'none'",
].join("; ");

export const PAGE_HEADERS: Readonly<Record<string, string>> = {
	"content-security-policy": POLICY,
	"cross-origin-opener-policy": "same-origin",
	"cross-origin-embedder-policy": "require-corp",
	"cross-origin-resource-policy": "same-origin",
	"permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
	"referrer-policy": "no-referrer",
	"x-content-type-options": "nosniff",
};
