// What a jury of curators may say of a contribution, by the contract's numbers.
export const CHOICES = [
	[1, "Accept"],
	[2, "Refuse"],
	[3, "Refuse as junk"],
] as const;
