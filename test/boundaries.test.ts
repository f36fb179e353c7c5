// Who may import whom, and what must never stand in a room. The table is the one of ARCHITECTURE.md: change both or neither.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const PACKAGES = [
	"protocol",
	"tensor",
	"native",
	"llm",
	"attribution",
	"datanet",
	"factory",
	"openlora",
	"chain",
	"rollup",
	"sdk",
];
/** Left may import right, nothing else. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
	protocol: [],
	tensor: [],
	native: ["tensor"],
	llm: ["tensor"],
	attribution: ["llm", "tensor", "protocol"],
	datanet: ["protocol"],
	factory: ["llm", "attribution", "datanet", "protocol"],
	openlora: ["llm", "attribution", "protocol"],
	chain: ["protocol"],
	rollup: ["protocol"],
	sdk: ["chain", "protocol"],
	node: PACKAGES,
	cli: ["sdk", "protocol"],
	web: ["sdk", "protocol"],
};
/** What a page's worker needs to verify by itself; the page never waits for it to load. */
const IN_WORKERS: readonly string[] = ["tensor", "llm", "attribution", "factory"];
/** A second door, for what brings more with it than everybody who enters by the first needs. */
const SIDE_DOORS: readonly string[] = ["@openledger/sdk/ledger"];
/** The command line starts a node in its own process, but loads it only then; its types cost nothing. */
const MAY_LOAD: Readonly<Record<string, readonly string[]>> = { cli: ["node"] };

type Source = { readonly room: string; readonly file: string; readonly code: string; readonly isTest: boolean };
type Import = { readonly source: Source; readonly from: string; readonly isLazy: boolean };

const root = fileURLToPath(new URL("..", import.meta.url));
const sources = ["packages", "apps"].flatMap((parent) =>
	readdirSync(join(root, parent)).flatMap((room) => read(parent, room)),
);
const imports = sources.flatMap(importsOf);
const show = (source: Source, what: string) => `${source.file}: ${what}`;

function read(parent: string, room: string): Source[] {
	const folder = join(root, parent, room, "src");
	if (!existsSync(folder)) return [];
	const files = (readdirSync(folder, { recursive: true }) as string[]).filter((file) => /\.tsx?$/.test(file));
	return files
		.filter((file) => !file.split(sep).includes("assembly"))
		.map((file) => {
			const path = join(folder, file);
			const code = readFileSync(path, "utf8").replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, "");
			return { room, file: relative(root, path), code, isTest: /\.test\.ts$|\btesting\b/.test(file) };
		});
}

function importsOf(source: Source): Import[] {
	const still = /^\s*(import|export)(\s+type)?\b[^;"'`]*?\bfrom\s*["']([^"']+)["']/gm;
	const found = [...source.code.matchAll(still)].map(([, , type, from]) => ({
		source,
		from: from!,
		isLazy: type !== undefined,
	}));
	const bare = [...source.code.matchAll(/^\s*import\s*["']([^"']+)["']/gm)].map(([, from]) => ({
		source,
		from: from!,
		isLazy: false,
	}));
	const lazy = [...source.code.matchAll(/\bimport\(\s*["']([^"']+)["']/g)].map(([, from]) => ({
		source,
		from: from!,
		isLazy: true,
	}));
	return [...found, ...bare, ...lazy];
}

function offenders(
	rooms: readonly string[],
	pattern: RegExp,
	spared: (source: Source) => boolean = () => false,
): string[] {
	const looked = sources.filter((source) => rooms.includes(source.room) && !source.isTest && !spared(source));
	return looked.flatMap((source) => source.code.match(pattern)?.map((what) => show(source, what)) ?? []);
}

test("default: every room stands in the table, and the table has no cycle", () => {
	expect([...new Set(sources.map(({ room }) => room))].filter((room) => MAY_IMPORT[room] === undefined)).toEqual([]);
	const reach = (room: string, way: readonly string[]): void => {
		expect(way, "a cycle").not.toContain(room);
		for (const next of MAY_IMPORT[room] ?? []) reach(next, [...way, room]);
	};
	for (const room of Object.keys(MAY_IMPORT)) reach(room, []);
});

test("behavior: rooms import only what the table allows", () => {
	const wrong = imports.filter(({ source, from, isLazy }) => {
		const [, room] = /^@openledger\/([^/]+)/.exec(from) ?? [];
		if (room === undefined || room === source.room) return false;
		if (/^apps[\\/]web[\\/]src[\\/]worker[\\/]/.test(source.file) && IN_WORKERS.includes(room)) return false;
		return !MAY_IMPORT[source.room]?.includes(room) && !(isLazy && MAY_LOAD[source.room]?.includes(room));
	});
	expect(wrong.map(({ source, from }) => show(source, from))).toEqual([]);
});

test("behavior: rooms are entered through their doors, never by a path", () => {
	const wrong = imports.filter(({ source, from }) => {
		if (/^@openledger\/[^/]+\//.test(from)) return !SIDE_DOORS.includes(from);
		const [parent, room] = source.file.split(sep) as [string, string];
		const home = join(root, parent, room) + sep;
		return from.startsWith(".") && !resolve(root, source.file, "..", from).startsWith(home);
	});
	expect(wrong.filter(({ source }) => !source.isTest).map(({ source, from }) => show(source, from))).toEqual([]);
});

test("behavior: in the explorer features never meet, what they share knows none of them, and nobody imports the app", () => {
	const web = join(root, "apps", "web", "src");
	const partOf = (path: string) => relative(web, path).split(sep);
	const wrong = imports.filter(({ source, from }) => {
		if (source.room !== "web" || !from.startsWith(".")) return false;
		const [part, noun] = partOf(resolve(root, source.file));
		const [into, other] = partOf(resolve(root, source.file, "..", from));
		if (part === into) return part === "features" && noun !== other;
		// main.tsx starts the app.
		return into === "app"
			? part !== "main.tsx"
			: into === "features"
				? part !== "app"
				: into === "worker" && part === "shared";
	});
	expect(wrong.map(({ source, from }) => show(source, from))).toEqual([]);
});

test("behavior: packages do not read the environment, apps do in config.ts alone", () => {
	expect(
		offenders([...PACKAGES, "node", "cli"], /\bprocess\.env\b|\{\s*env\s*\}\s*=\s*process\b/g, ({ file }) =>
			/^apps.*[\\/]config\.ts$/.test(file),
		),
	).toEqual([]);
});

test("behavior: what is computed canonically has one result", () => {
	const rooms = ["tensor", "llm", "attribution"];
	expect(offenders(rooms, /\bMath\.random\b|\bDate\.now\b|\bnew Date\(\)/g)).toEqual([]);
	// The reference of an op in f64 is an oracle for finite differences, not a kernel.
	const isReference = ({ file }: Source) => file.startsWith(join("packages", "tensor", "src", "ops"));
	expect(
		offenders(
			rooms,
			/\bMath\.(exp|expm1|pow|sin|cos|tan|tanh|log|log2|log10|log1p|cbrt|hypot)\b|\*\* *0\./g,
			isReference,
		),
	).toEqual([]);
});

test("behavior: no files in tensor, no network in the engine", () => {
	const imported = (rooms: readonly string[], pattern: RegExp) =>
		imports
			.filter(({ source, from }) => rooms.includes(source.room) && !source.isTest && pattern.test(from))
			.map(({ source, from }) => show(source, from));
	expect(imported(["tensor"], /^(node:)?(fs|path|os|child_process)\b/)).toEqual([]);
	expect(
		imported(
			["tensor", "llm", "attribution"],
			/^(node:)?(net|http|https|http2|tls|dgram|dns)$|^(viem|hono|undici|ws)\b/,
		),
	).toEqual([]);
	expect(offenders(["tensor", "llm", "attribution"], /\bfetch\(|\bWebSocket\b/g)).toEqual([]);
});

test("behavior: no file is longer than 600 lines, but those that are generated", () => {
	const lines = ({ file }: Source) => readFileSync(join(root, file), "utf8").split("\n").length;
	const long = sources.filter((source) => !source.file.includes("generated") && lines(source) > 600);
	expect(long.map(({ file }) => file)).toEqual([]);
});
