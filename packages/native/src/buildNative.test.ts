// Builds: what is missing, what fails, what is wrong, what is killed; and that two at once make one. Most use a compiler that is a script.
import { execFileSync } from "node:child_process";
import {
	chmodSync,
	copyFileSync,
	mkdtempSync,
	readdirSync,
	rmSync,
	statSync,
	utimesSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { buildNative, findCompiler, loadNative, openNative } from "./index.js";
import { nativeForTests } from "./testing.js";

const native = await nativeForTests();
const real = await findCompiler();

describe.skipIf(native === undefined || !real.ok)("buildNative", () => {
	let home: string;
	let folder: string;

	beforeEach(() => {
		home = mkdtempSync(join(tmpdir(), "openledger-build-"));
		folder = join(home, "cache", "native");
	});
	afterEach(() => rmSync(home, { recursive: true, force: true }));

	/** A compiler for this machine that compiles with `compile` and links with `link`; both see the output's path as $out. */
	function scripted(compile: string, link: string): string {
		const path = join(home, "compiler");
		const body = [
			"#!/bin/sh",
			`case "$1" in -dumpmachine) echo x86_64-linux-gnu; exit;; --version) echo "scripted 1"; exit;; esac`,
			`for last; do [ "$before" = -o ] && out=$last; before=$last; done`,
			`case "$1" in -shared) ${link};; *) ${compile};; esac`,
		];
		writeFileSync(path, `${body.join("\n")}\n`);
		chmodSync(path, 0o755);
		return path;
	}
	const copying = () => scripted('echo > "$out"', `cp ${native!.file} "$out"`);
	const left = () => readdirSync(folder);

	test("default: a build is put in place for its owner alone, and found again", async () => {
		const told: number[] = [];
		const compiler = copying();
		const built = await buildNative({ folder, compiler, onProgress: (done, total) => told.push(done / total) });
		expect(built).toMatchObject({ ok: true, isNew: true, compiler: { version: "scripted 1" } });
		expect(told.at(-1)).toBe(1);
		expect(left()).toEqual([expect.stringMatching(/^kernels-[0-9a-f-]+\.node$/)]);
		expect(statSync(join(folder, left()[0]!)).mode & 0o777).toBe(0o600);
		expect(statSync(folder).mode & 0o777).toBe(0o700);
		expect(await buildNative({ folder, compiler })).toMatchObject({ ok: true, isNew: false });
		expect(loadNative({ folder })).toMatchObject({ ok: true, set: native!.set });
	});

	test("behavior: two at once make one", async () => {
		const compiler = copying();
		const both = await Promise.all([buildNative({ folder, compiler }), buildNative({ folder, compiler })]);
		expect(both.map((built) => built.ok && built.isNew).sort()).toEqual([false, true]);
		expect(left()).toHaveLength(1);
	});

	test("behavior: no compiler is a reason, not an error", async () => {
		const built = await openNative({ folder, compiler: "no-such-compiler" });
		expect(built).toMatchObject({
			ok: false,
			code: "no-compiler",
			reason: expect.stringMatching(/no-such-compiler: not found.*install g\+\+/),
		});
	});

	test("behavior: a compiler for another machine is not taken", async () => {
		const path = join(home, "cross");
		writeFileSync(path, "#!/bin/sh\necho aarch64-linux-gnu\n", { mode: 0o755 });
		expect(await buildNative({ folder, compiler: path })).toMatchObject({
			code: "no-compiler",
			reason: expect.stringContaining("aarch64"),
		});
	});

	test("behavior: a compiler that fails says why, and nothing stays", async () => {
		const compiler = scripted('echo "vec.h:1: error: no such thing" >&2; exit 4', "true");
		expect(await buildNative({ folder, compiler })).toMatchObject({
			code: "compile-failed",
			reason: expect.stringMatching(/exit 4.*no such thing/),
		});
		expect(left()).toEqual([]);
	});

	test("behavior: what does not load is not put in place", async () => {
		const compiler = scripted('echo > "$out"', 'echo rubbish > "$out"');
		expect(await buildNative({ folder, compiler })).toMatchObject({ code: "other-bits" });
		expect(left()).toEqual([]);
	});

	test("behavior: what crashes does so in another process", async () => {
		const source = join(home, "crash.c");
		const crash = join(home, "crash.node");
		writeFileSync(source, "#include <stdlib.h>\n__attribute__((constructor)) static void now(void) { abort(); }\n");
		execFileSync(real.ok ? real.command : "", ["-x", "c", "-shared", "-fPIC", source, "-o", crash]);
		const compiler = scripted('echo > "$out"', `cp ${crash} "$out"`);
		expect(await buildNative({ folder, compiler })).toMatchObject({
			code: "other-bits",
			reason: expect.stringContaining("SIGABRT"),
		});
		expect(left()).toEqual([]);
	});

	test("behavior: fused multiply-adds are other bits, found by the kernel they are in", async () => {
		// Of the kernels only the products, so that it takes seconds; the others are WebAssembly's then.
		const cxx = real.ok ? real.command : "";
		const fusing = `exec ${cxx} "$@" -O2 -ffp-contract=fast -mfma`;
		const nothing = `echo | ${cxx} -x c++ -c - -o "$out"`;
		const compiler = scripted(
			`case "$*" in *addon.cpp*|*team.cpp*|*gemm.cpp*) ${fusing};; *) ${nothing};; esac`,
			`exec ${cxx} "$@"`,
		);
		const built = await buildNative({ folder, compiler });
		expect(built).toMatchObject({ code: "other-bits", reason: expect.stringMatching(/avx.*gemm\(.*WebAssembly's/) });
		expect(left()).toEqual([]);
	}, 180_000);

	test("behavior: a build that is ended leaves nothing half", async () => {
		const compiler = scripted("exec sleep 60", "true");
		const ending = new AbortController();
		setTimeout(() => ending.abort(), 300);
		expect(await buildNative({ folder, compiler, signal: ending.signal })).toMatchObject({ code: "aborted" });
		expect(left()).toEqual([]);
	});

	test("behavior: what a killed build has left does not stand in the way", async () => {
		const compiler = copying();
		const first = await buildNative({ folder, compiler });
		if (!first.ok) throw new Error(first.reason);
		const [name] = left();
		const [, source, by] = name!.split("-");
		rmSync(first.file);
		const dead = execFileSync(process.execPath, ["-p", "process.pid"], { encoding: "utf8" }).trim();
		writeFileSync(join(folder, `${source}-${by}.lock`), dead);
		copyFileSync(native!.file, join(folder, ".build-old"));
		utimesSync(join(folder, ".build-old"), 0, 0);
		expect(await buildNative({ folder, compiler })).toMatchObject({ ok: true, isNew: true });
		expect(left()).toEqual([name]);
	});
});
