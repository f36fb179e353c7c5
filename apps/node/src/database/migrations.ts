// The shape of the database, step by step. Steps are only ever added: a home made years ago must still open.

export type Migration = { readonly id: number; readonly name: string; readonly sql: string };

export const MIGRATIONS: readonly Migration[] = [
	{
		id: 1,
		name: "from a row to a paid contributor",
		sql: `
create table wallets (name text primary key, address text not null unique);
create table datanets (
	id text primary key, name text not null unique, terms_hash text not null, licence text not null,
	status text not null check (status in ('stored', 'created')));
create table contributions (
	id text primary key, datanet_id text not null references datanets, sequence integer not null,
	contributor_name text not null, contributor text not null, rows_root text not null,
	offered_rows integer not null check (offered_rows > 0), accepted_rows integer not null,
	status text not null check (status in ('stored', 'offered', 'accepted', 'rejected')),
	unique (datanet_id, sequence), unique (datanet_id, contributor, rows_root),
	check (accepted_rows between 0 and offered_rows));
create table rows (
	datanet_id text not null references datanets, position integer not null,
	contribution_id text not null references contributions, line integer not null,
	prompt text not null, response text not null, digest text not null, salt text not null, commitment text not null,
	cluster integer not null, primary key (datanet_id, position), unique (datanet_id, digest));
create table rejected_rows (
	contribution_id text not null references contributions, place integer not null, line integer not null,
	code text not null, reason text not null, primary key (contribution_id, place));
create table snapshots (
	datanet_id text not null references datanets, version integer not null, root text not null,
	row_count integer not null, blob text not null, status text not null check (status in ('stored', 'published')),
	primary key (datanet_id, version));
create table jobs (
	id text primary key, input json not null, status text not null check (status in ('queued', 'running', 'done', 'failed')),
	progress json, result text, error text);
create table models (
	id text primary key, name text not null, version integer not null, served_name text not null unique,
	datanet_id text not null references datanets, snapshot_version integer not null, run_folder text not null,
	params json not null, status text not null check (status in ('ready', 'published')), published_at bigint,
	unique (name, version), unique (name, run_folder), foreign key (datanet_id, snapshot_version) references snapshots);
create table requests (
	payer text not null, nonce text not null, sequence integer not null unique,
	model_id text not null references models, chat_order json not null, tokens_in integer not null,
	request_hash text not null, authorization_hash text not null, resource text not null, pay_to text not null,
	fee_wei numeric(78,0) not null check (fee_wei > 0), valid_before numeric(78,0) not null,
	status text not null check (status in ('claimed', 'settled', 'answered')),
	tx_hash text, receipt_id text, primary key (payer, nonce),
	check ((status = 'answered') = (receipt_id is not null)), check (status = 'claimed' or tx_hash is not null));
create table epochs (
	epoch integer primary key, status text not null check (status in ('collecting', 'ready', 'submitted')),
	receipts_root text, earnings_root text, total_wei numeric(78,0),
	check (status = 'collecting' or (receipts_root is not null and earnings_root is not null and total_wei is not null)));
create table receipts (
	id text primary key, sequence integer not null unique, model_id text not null references models,
	payer text not null, nonce text not null, receipt json not null, signature text not null, salt text not null,
	chat_order json not null, response text not null, finish_reason text not null, fee_wei numeric(78,0) not null,
	unattributed_ppm integer not null, epoch integer references epochs,
	unique (payer, nonce), foreign key (payer, nonce) references requests);
create table shares (
	receipt_id text not null references receipts, row_index integer not null, contributor text not null,
	share_ppm integer not null check (share_ppm between 1 and 1000000), primary key (receipt_id, row_index));
create table earnings (
	epoch integer not null references epochs, account text not null, cumulative_wei numeric(78,0) not null,
	primary key (epoch, account));
create index receipts_by_epoch on receipts (epoch);
create index requests_by_hash on requests (payer, request_hash);
`,
	},
	{
		id: 2,
		name: "rows with a conversation before the prompt",
		sql: "alter table rows add column before_turns json;",
	},
	{
		id: 3,
		name: "audits of answers and models",
		sql: `
create table audits (
	id text primary key, sequence integer not null unique, model_id text not null references models,
	receipt_id text references receipts, input json not null,
	status text not null check (status in ('queued', 'running', 'stopped', 'done', 'failed')),
	progress json, record json, digest text, signature text, error text,
	check ((status = 'done') = (record is not null and digest is not null and signature is not null)));
`,
	},
	{
		id: 4,
		name: "receipts of what an answer repeats word for word",
		sql: `
create table span_receipts (
	receipt_id text primary key references receipts, record json not null, digest text not null, signature text not null,
	rarities json not null);
`,
	},
];
