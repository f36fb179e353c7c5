// The check digits of numbers that people are known by. It must not know how such numbers are written in text.

/** ISO/IEC 7812 (Luhn): payment cards. */
export function isLuhn(digits: string): boolean {
	let sum = 0;
	for (let i = 0; i < digits.length; i++) {
		const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
		const doubled = i % 2 === 1 ? digit * 2 : digit;
		sum += doubled > 9 ? doubled - 9 : doubled;
	}
	return sum % 10 === 0;
}

/** ISO 7064 mod 97-10 as ISO 13616 uses it: the account's first four characters moved to its end, letters as 10 to 35. */
export function isMod97(account: string): boolean {
	let rest = 0;
	for (const character of account.slice(4) + account.slice(0, 4)) {
		const value = Number.parseInt(character, 36);
		rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
	}
	return rest === 1;
}

/** The two check digits of Brazil's CPF (mod 11). */
export function isCpf(digits: string): boolean {
	if (digits.length !== 11 || new Set(digits).size === 1) return false;
	return [9, 10].every((length) => {
		let sum = 0;
		for (let i = 0; i < length; i++) sum += (digits.charCodeAt(i) - 48) * (length + 1 - i);
		return ((sum * 10) % 11) % 10 === digits.charCodeAt(length) - 48;
	});
}

/** The letter behind the eight digits of Spain's DNI, or behind X, Y or Z and seven digits of a NIE (mod 23). */
export function isSpanishId(id: string): boolean {
	const digits = id.slice(0, -1).replace("X", "0").replace("Y", "1").replace("Z", "2");
	return "TRWAGMYFPDXBNJZSQVHLCKE"[Number(digits) % 23] === id.at(-1);
}
