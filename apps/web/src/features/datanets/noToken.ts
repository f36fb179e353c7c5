// Why a button is off where the page was opened without the node's token.
export const NO_TOKEN = "This tab may look but not change: open the link that the node printed when it started.";
