// IEEE-754 half precision and bfloat16 to f32 and back. Widening is exact; narrowing rounds to nearest even.

const scratch = new Float32Array(1);
const bits = new Uint32Array(scratch.buffer);

/** 2^(exponent - 25) by exponent: a power for each of a model's millions of numbers took longer than reading them. */
const SCALES = Float64Array.from({ length: 31 }, (_, exponent) => 2 ** (exponent - 25));

/** The f32 with the value of a half. */
export function halfToFloat(h: number): number {
	const sign = h & 0x8000 ? -1 : 1;
	const exponent = (h >> 10) & 0x1f;
	const fraction = h & 0x3ff;
	if (exponent === 0) return sign * fraction * 2 ** -24;
	if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
	return sign * (1024 + fraction) * SCALES[exponent]!;
}

/** The half nearest to x. */
export function floatToHalf(x: number): number {
	scratch[0] = x;
	const b = bits[0]!;
	const sign = (b >>> 16) & 0x8000;
	const magnitude = b & 0x7fffffff;
	if (magnitude > 0x7f800000) return sign | 0x7e00;
	if (magnitude >= 0x47800000) return sign | 0x7c00;
	if (magnitude < 0x38800000) {
		// Subnormal half: a multiple of 2^-24, and scaling by 2^24 is exact.
		return sign | roundHalfEven(Math.abs(scratch[0]!) * 2 ** 24);
	}
	const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
	return sign | ((rounded - 0x38000000) >>> 13);
}

function roundHalfEven(x: number): number {
	const low = Math.floor(x);
	const rest = x - low;
	if (rest > 0.5 || (rest === 0.5 && low % 2 === 1)) return low + 1;
	return low;
}

/** The f32 with the value of a bfloat16. */
export function bfloatToFloat(h: number): number {
	bits[0] = h << 16;
	return scratch[0]!;
}
