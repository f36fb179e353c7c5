// Derives the polynomial coefficients of kernels/assembly/math.ts: interpolation at Chebyshev nodes in f64, rounded to f32.
// Run it with `node packages/tensor/scripts/fit-polynomials.mjs` and compare with the constants in the source.

/** Coefficients, lowest power first, of the polynomial through `f` at the Chebyshev nodes of [lo, hi]. */
function fit(f, lo, hi, degree) {
	const count = degree + 1;
	const nodes = Array.from({ length: count }, (_, i) => {
		const c = Math.cos(((2 * i + 1) * Math.PI) / (2 * count));
		return (lo + hi) / 2 + ((hi - lo) / 2) * c;
	});
	const divided = nodes.map(f);
	for (let level = 1; level < count; level++) {
		for (let i = count - 1; i >= level; i--) {
			divided[i] = (divided[i] - divided[i - 1]) / (nodes[i] - nodes[i - level]);
		}
	}
	let coefficients = [divided[count - 1]];
	for (let i = count - 2; i >= 0; i--) {
		const next = [divided[i], ...coefficients];
		for (let j = 0; j < coefficients.length; j++) next[j] -= nodes[i] * coefficients[j];
		coefficients = next;
	}
	return coefficients.map(Math.fround);
}

/** Σ term(n)·xⁿ until the terms vanish; avoids the cancellation of the closed forms near zero. */
function series(x, term) {
	let sum = 0;
	for (let n = 24; n >= 0; n--) sum = sum * x + term(n);
	return sum;
}

const factorial = (n) => (n < 2 ? 1 : n * factorial(n - 1));
const half = Math.LN2 / 2 + 0.001;
const quarter = (Math.PI / 4 + 0.001) ** 2;
const ratio = ((Math.SQRT2 - 1) / (Math.SQRT2 + 1) + 0.0001) ** 2;

console.log(
	"exp: (e^r - 1 - r) / r²",
	fit((r) => series(r, (n) => 1 / factorial(n + 2)), -half, half, 4),
);
console.log(
	"log: (log((1+s)/(1-s)) - 2s) / s³ in s²",
	fit((z) => series(z, (n) => 2 / (2 * n + 3)), 0, ratio, 3),
);
console.log(
	"sin: (sin r - r) / r³ in r²",
	fit((z) => series(z, (n) => (-1) ** (n + 1) / factorial(2 * n + 3)), 0, quarter, 3),
);
console.log(
	"cos: (cos r - 1 + r²/2) / r⁴ in r²",
	fit((z) => series(z, (n) => (-1) ** n / factorial(2 * n + 4)), 0, quarter, 3),
);

const bits = (x, keep) => {
	const scale = 2 ** (keep - 1 - Math.floor(Math.log2(x)));
	return Math.trunc(x * scale) / scale;
};
// π/2 to 1e-30, so that the parts after the first are right: 1.57079632679489661923132169163975144
const halfPi = [1.5707963267948966, 6.123233995736766e-17];
const p1 = bits(halfPi[0], 8);
const p2 = bits(halfPi[0] - p1, 8);
const p3 = bits(halfPi[0] - p1 - p2, 8);
console.log(
	"π/2 parts",
	p1,
	p2,
	p3,
	Math.fround(halfPi[0] - p1 - p2 - p3 + halfPi[1]),
	"2/π",
	Math.fround(2 / Math.PI),
);
const ln2hi = bits(Math.LN2, 15);
console.log(
	"ln 2 parts",
	ln2hi,
	Math.fround(Math.LN2 - ln2hi + 2.3190468138462996e-17),
	"1/ln 2",
	Math.fround(Math.LOG2E),
);
