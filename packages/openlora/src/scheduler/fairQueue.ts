// Who is next: tenants share by cost, each tenant's own requests in the order they came. Self-clocked fair queueing (Golestani 1994): the
// request that would end first in virtual time is next; a tenant's next one begins where its last one ended, but never before now.
// It must not know what is queued.
//
// Of two tenants that both have something waiting all the time, neither gets ahead of the other by more than the cost of one request of
// each, whatever the costs and whoever comes between. Since now is the end of what was taken last, newcomers cannot keep anybody waiting for
// ever: where at most W wait, a request of cost c is taken after at most W·(c/(least cost) + 1) others.

export interface Queued {
	readonly tenant: string;
	/** Above 0: what the request will take, in whatever is shared. */
	readonly cost: number;
}

export interface FairQueue<Item extends Queued> {
	readonly size: number;
	readonly tenants: number;
	/** Waiting of this tenant. */
	sizeOf(tenant: string): number;
	push(item: Item): void;
	/** All that wait, in the order in which they would be taken if nobody came; not to be changed meanwhile. */
	inOrder(): Generator<Item, void, undefined>;
	/** Takes one out because it is served: its tenant pays for it. Throws a `RangeError` if it does not wait. */
	take(item: Item): void;
	/** Takes one out that will not be served: nobody pays. False if it does not wait. */
	remove(item: Item): boolean;
}

interface Tenant<Item> {
	readonly waiting: Item[];
	/** The virtual time at which its first waiting request begins. */
	begin: number;
}

export function createFairQueue<Item extends Queued>(): FairQueue<Item> {
	const tenants = new Map<string, Tenant<Item>>();
	let now = 0;
	let size = 0;

	function withdraw(item: Item): Tenant<Item> | undefined {
		const tenant = tenants.get(item.tenant);
		const at = tenant?.waiting.indexOf(item) ?? -1;
		if (tenant === undefined || at < 0) return undefined;
		tenant.waiting.splice(at, 1);
		size--;
		// It ended by now, so nothing of it need be remembered.
		if (tenant.waiting.length === 0) tenants.delete(item.tenant);
		return tenant;
	}

	return {
		get size() {
			return size;
		},
		get tenants() {
			return tenants.size;
		},
		sizeOf: (tenant) => tenants.get(tenant)?.waiting.length ?? 0,
		push(item) {
			const known = tenants.get(item.tenant);
			if (known === undefined) tenants.set(item.tenant, { waiting: [item], begin: now });
			else known.waiting.push(item);
			size++;
		},
		*inOrder() {
			const left = [...tenants.values()].map(({ waiting, begin }) => ({
				waiting,
				at: 0,
				end: begin + waiting[0]!.cost,
			}));
			while (left.length > 0) {
				let first = 0;
				for (let i = 1; i < left.length; i++) if (left[i]!.end < left[first]!.end) first = i;
				const tenant = left[first]!;
				yield tenant.waiting[tenant.at]!;
				const next = tenant.waiting[++tenant.at];
				if (next === undefined) left.splice(first, 1);
				else tenant.end += next.cost;
			}
		},
		take(item) {
			const tenant = withdraw(item);
			if (tenant === undefined) throw new RangeError("only what waits can be taken");
			tenant.begin += item.cost;
			now = Math.max(now, tenant.begin);
		},
		remove: (item) => withdraw(item) !== undefined,
	};
}
