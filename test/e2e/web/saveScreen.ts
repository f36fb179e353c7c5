// A page as a picture that is small enough to be kept with the sources.

import { statSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";

const MOST_BYTES = 120_000;

export async function saveScreen(page: Page, folder: string, name: string): Promise<void> {
	const file = join(folder, name);
	for (const quality of [82, 70, 55]) {
		await page.screenshot({ path: file, type: "jpeg", quality });
		if (statSync(file).size <= MOST_BYTES) break;
	}
	console.log(`${file} ${statSync(file).size}`);
}
