// The theme that was chosen, or the system's. Loaded on its own, before the page is painted.
try {
	const chosen = localStorage.getItem("openledger.theme");
	if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen;
} catch {
	// Without storage the system's theme holds.
}
