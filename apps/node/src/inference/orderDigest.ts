// Names of orders within this node: what was asked, and whether it is the same again. It must not know of payments.

import type { Order } from "@openledger/openlora";
import { type Hex, orderText, sha256, utf8 } from "@openledger/protocol";

/** Names an order within this node, model included. */
export function orderDigest(order: Order): Hex {
	return sha256(utf8(`${order.model}\n${orderText(order)}`));
}

/** Names what one request asks for: its one order, or all of them in turn. */
export function ordersDigest(orders: readonly Order[]): Hex {
	const digests = orders.map(orderDigest);
	return digests.length === 1 ? digests[0]! : sha256(utf8(digests.join("\n")));
}
