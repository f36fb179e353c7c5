// Who may have written the code that is run, and what a damaged file does.
import {
	chmodSync,
	copyFileSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	renameSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadNative } from "./index.js";
import { contentKey } from "./sources.js";
import { nativeForTests } from "./testing.js";

const native = await nativeForTests();

describe.skipIf(native === undefined)("loadNative", () => {
	let folder: string;
	let file: string;

	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), "openledger-native-"));
		file = join(folder, basename(native!.file));
		copyFileSync(native!.file, file);
		chmodSync(file, 0o600);
	});
	afterEach(() => rmSync(folder, { recursive: true, force: true }));

	const refusal = () => {
		const loaded = loadNative({ folder });
		return loaded.ok ? "loaded" : loaded.code;
	};

	test("default: a sound file of these sources is loaded and checked", () => {
		const loaded = loadNative({ folder });
		expect(loaded).toMatchObject({ ok: true, file, set: native!.set });
	});

	test("behavior: no folder, no file, other sources: not built", () => {
		renameSync(file, join(folder, basename(file).replace(/^kernels-.{16}/, "kernels-0123456789abcdef")));
		expect(refusal()).toBe("not-built");
		rmSync(folder, { recursive: true });
		expect(refusal()).toBe("not-built");
	});

	test("behavior: a file with one other bit, or cut short, never reaches the loader", () => {
		const bytes = readFileSync(file);
		bytes[bytes.length >> 1]! ^= 1;
		writeFileSync(file, bytes);
		expect(refusal()).toBe("damaged-file");
		writeFileSync(file, bytes.subarray(0, 4096));
		expect(refusal()).toBe("damaged-file");
	});

	test("behavior: what is no library, whatever its name says, does not load", () => {
		const bytes = Buffer.from("not a library");
		rmSync(file);
		writeFileSync(file.replace(/[^-]+\.node$/, `${contentKey(bytes)}.node`), bytes, { mode: 0o600 });
		expect(loadNative({ folder })).toMatchObject({
			ok: false,
			code: "load-failed",
			reason: expect.stringContaining(folder),
		});
	});

	test.skipIf(process.getuid === undefined)(
		"behavior: a file, a folder or a folder above that others can write is refused",
		() => {
			chmodSync(file, 0o660);
			expect(loadNative({ folder })).toMatchObject({
				code: "untrusted-file",
				reason: expect.stringMatching(/mode 660/),
			});
			chmodSync(file, 0o600);
			chmodSync(folder, 0o777);
			expect(refusal()).toBe("untrusted-file");
			chmodSync(folder, 0o700);
			expect(refusal()).toBe("loaded");
			const inner = join(folder, "inner");
			mkdirSync(inner, { mode: 0o700 });
			renameSync(file, join(inner, basename(file)));
			chmodSync(folder, 0o777);
			const loaded = loadNative({ folder: inner });
			expect(loaded).toMatchObject({ code: "untrusted-file", reason: expect.stringContaining("chmod go-w") });
		},
	);

	test.skipIf(process.getuid === undefined)("behavior: a link is refused, wherever it leads", () => {
		const target = join(folder, "target");
		renameSync(file, target);
		symlinkSync(target, file);
		expect(refusal()).toBe("untrusted-file");
	});

	test("behavior: an instruction set that is not there is refused by name", () => {
		expect(loadNative({ folder, set: "avx1024" })).toMatchObject({
			code: "unsupported-processor",
			reason: expect.stringContaining("avx2"),
		});
	});
});
