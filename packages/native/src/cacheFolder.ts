// The folder that compiled kernels are kept in. Code from it is run, so nobody else may be able to write there: neither into the file, nor
// into its folder, nor into one above.
import { lstatSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, type Stats, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Refusal, refused } from "./refusal.js";
import { contentKey } from "./sources.js";

const NAME = /^kernels-([0-9a-f]{16})-([0-9a-f]{8})-([0-9a-f]{32})\.node$/;
const OTHERS_WRITE = 0o022;
const STICKY = 0o1000;
/** More files of former sources and compilers than this are thrown away, the oldest first. */
const KEPT = 8;

export interface CachedFile {
	readonly ok: true;
	readonly file: string;
}

export function cachedName(source: string, compiler: string, content: string): string {
	return `kernels-${source}-${compiler}-${content}.node`;
}

/** Says who else could write at `path`; undefined if nobody could. Without POSIX owners there is nothing to look at. */
function weakness(path: string, stats: Stats, mustBeMine: boolean): string | undefined {
	const me = process.getuid?.();
	if (me === undefined) return undefined;
	if (stats.uid !== me && (mustBeMine || stats.uid !== 0)) return `${path} belongs to user ${stats.uid}, not to ${me}`;
	const shared = (stats.mode & OTHERS_WRITE) !== 0 && (mustBeMine || (stats.mode & STICKY) === 0);
	return shared ? `${path} can be written by others (mode ${(stats.mode & 0o777).toString(8)})` : undefined;
}

/** The folder and all above it, or who could write there. */
function trustFolder(folder: string): { readonly ok: true; readonly folder: string } | Refusal {
	const real = realpathSync(folder);
	for (let at = real; ; at = dirname(at)) {
		const weak = weakness(at, statSync(at), at === real);
		if (weak !== undefined) {
			return refused("untrusted-file", `code from ${real} is not run: ${weak}; make it yours alone (chmod go-w)`);
		}
		if (at === dirname(at)) return { ok: true, folder: real };
	}
}

/** Makes the folder, open to its owner alone. */
export function makeFolder(folder: string): ReturnType<typeof trustFolder> {
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	return trustFolder(folder);
}

function named(folder: string): { readonly name: string; readonly at: number }[] {
	return readdirSync(folder)
		.filter((name) => NAME.test(name))
		.map((name) => ({ name, at: statSync(join(folder, name)).mtimeMs }))
		.sort((a, b) => b.at - a.at);
}

/** The newest sound file of these sources, by this compiler if one is named. */
export function findCached(folder: string, source: string, compiler?: string): CachedFile | Refusal {
	let trusted: ReturnType<typeof trustFolder>;
	let names: { readonly name: string }[];
	try {
		trusted = trustFolder(folder);
		if (!trusted.ok) return trusted;
		names = named(trusted.folder);
	} catch {
		return refused("not-built", `nothing is built in ${folder}`);
	}
	let first: Refusal | undefined;
	for (const { name } of names) {
		const [, ofSource, ofCompiler, content] = NAME.exec(name)!;
		if (ofSource !== source || (compiler !== undefined && ofCompiler !== compiler)) continue;
		const file = join(trusted.folder, name);
		const stats = lstatSync(file);
		const weak = stats.isFile() ? weakness(file, stats, true) : `${file} is not a plain file`;
		if (weak !== undefined)
			first ??= refused("untrusted-file", `not loaded: ${weak}; delete it, it will be built again`);
		else if (contentKey(readFileSync(file)) !== content)
			first ??= refused("damaged-file", `${file} is not what its name says; delete it, it will be built again`);
		else return { ok: true, file };
	}
	return first ?? refused("not-built", `no kernels of these sources are built in ${trusted.folder}`);
}

/** Removes the oldest builds beyond those kept. A damaged file of this build went when the sound one took its name. */
export function sweep(folder: string, keep: string): void {
	named(folder)
		.filter(({ name }) => name !== keep)
		.slice(KEPT - 1)
		.forEach(({ name }) => {
			rmSync(join(folder, name), { force: true });
		});
}
