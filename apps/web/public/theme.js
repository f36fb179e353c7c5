// The theme that was chosen, or the system's, now and when it changes. Loaded on its own, before the page is painted.
{
	const system = matchMedia("(prefers-color-scheme: dark)");
	const show = () => {
		let chosen;
		try {
			chosen = localStorage.getItem("openledger.theme");
		} catch {
			// Without storage the system's theme holds.
		}
		document.documentElement.dataset.theme =
			chosen === "dark" || chosen === "light" ? chosen : system.matches ? "dark" : "light";
	};
	show();
	system.addEventListener("change", show);
}
