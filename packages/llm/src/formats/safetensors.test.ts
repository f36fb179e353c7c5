import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ModelError } from "../errors.js";
import { floatToHalf, halfToFloat } from "./float16.js";
import { readSafetensors } from "./safetensors.js";
import { writeSafetensors } from "./writeSafetensors.js";

const sample = () =>
	writeSafetensors(
		new Map([
			["b", { shape: [2, 3], data: Float32Array.of(1, -2, 3.5, 0, 1e-30, 7) }],
			["a", { shape: [4], data: Float32Array.of(1, 2, 3, 4) }],
		]),
	);

/** A file with this header and this many data bytes. */
function file(header: unknown, bytes: number): Uint8Array {
	const json = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
	const out = new Uint8Array(8 + json.length + bytes);
	new DataView(out.buffer).setBigUint64(0, BigInt(json.length), true);
	out.set(json, 8);
	return out;
}

function codeOf(bytes: Uint8Array): string {
	try {
		readSafetensors(bytes, "x.safetensors");
	} catch (error) {
		expect(error).toBeInstanceOf(ModelError);
		expect((error as ModelError).message).toContain("x.safetensors");
		return (error as ModelError).code;
	}
	return "ok";
}

describe("safetensors", () => {
	test("round trip; equal content gives equal bytes whatever the order", () => {
		const { tensors } = readSafetensors(sample());
		expect([...tensors.get("b")!.data]).toEqual([...Float32Array.of(1, -2, 3.5, 0, 1e-30, 7)]);
		expect(tensors.get("b")!.shape).toEqual([2, 3]);
		expect(writeSafetensors(new Map([...tensors].reverse()))).toEqual(sample());
	});

	test("bfloat16 is the upper half of an f32", () => {
		const bytes = file({ t: { dtype: "BF16", shape: [3], data_offsets: [0, 6] } }, 6);
		[0x3f80, 0xc060, 0x0001].forEach((h, i) => {
			new DataView(bytes.buffer).setUint16(bytes.length - 6 + 2 * i, h, true);
		});
		expect([...readSafetensors(bytes).tensors.get("t")!.data]).toEqual([1, -3.5, 2 ** -133]);
	});

	test("a file cut anywhere is refused", () => {
		const whole = sample();
		for (let length = 0; length < whole.length; length++)
			expect(codeOf(whole.subarray(0, length))).toBe("safetensors-malformed");
	});

	test("behavior: faults by code", () => {
		const entry = (dtype: string, shape: unknown, data_offsets: unknown) => ({ t: { dtype, shape, data_offsets } });
		expect(codeOf(file(entry("F32", [2], [0, 8]), 8))).toBe("ok");
		expect(codeOf(file(entry({ toString: 1 } as unknown as string, [2], [0, 8]), 8))).toBe("tensor-dtype");
		expect(codeOf(file(entry("F64", [2], [0, 16]), 16))).toBe("tensor-dtype");
		expect(codeOf(file(entry("F32", [3], [0, 8]), 8))).toBe("safetensors-malformed");
		expect(codeOf(file(entry("F32", [-2], [0, 8]), 8))).toBe("safetensors-malformed");
		expect(codeOf(file(entry("F32", [2], [4, 12]), 12))).toBe("safetensors-malformed");
		expect(
			codeOf(file({ ...entry("F32", [2], [0, 8]), u: { dtype: "F32", shape: [2], data_offsets: [4, 12] } }, 12)),
		).toBe("safetensors-malformed");
		expect(codeOf(file(entry("F32", [2], [0, 8]), 9))).toBe("safetensors-malformed");
		expect(codeOf(file("{not json", 0))).toBe("safetensors-malformed");
		const huge = file({}, 0);
		new DataView(huge.buffer).setBigUint64(0, 2n ** 60n, true);
		expect(codeOf(huge)).toBe("safetensors-malformed");
		const nan = file(entry("F32", [1], [0, 4]), 4);
		new DataView(nan.buffer).setFloat32(nan.length - 4, Number.NaN, true);
		expect(codeOf(nan)).toBe("not-finite");
	});

	test("any bytes give a value or a ModelError", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(80), (noise, at) => {
				const bytes = sample();
				bytes.set(noise.subarray(0, Math.max(0, Math.min(noise.length, bytes.length - at))), at);
				codeOf(bytes);
				codeOf(noise);
			}),
		);
	});
});

describe("half precision", () => {
	test("every half widens and narrows back to itself", () => {
		for (let h = 0; h < 65536; h++) {
			if (((h >> 10) & 31) === 31) continue;
			expect(floatToHalf(halfToFloat(h))).toBe(h);
		}
	});
	// Ties and borders worked out by hand from IEEE 754-2019 §4.3.1 (round to nearest, ties to even).
	test("rounds to nearest even", () => {
		expect(floatToHalf(1 + 2 ** -11)).toBe(0x3c00);
		expect(floatToHalf(1 + 3 * 2 ** -11)).toBe(0x3c02);
		expect(floatToHalf(2 ** -25)).toBe(0);
		expect(floatToHalf(3 * 2 ** -26)).toBe(1);
		expect(floatToHalf(65504)).toBe(0x7bff);
		expect(floatToHalf(65520)).toBe(0x7c00);
	});
});
