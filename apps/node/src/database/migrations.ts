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
	{
		id: 5,
		name: "three ways to pay: a transfer, a channel, a prepaid key",
		sql: `
alter table requests add column method text not null default 'exact' check (method in ('exact', 'batch-settlement', 'key'));
alter table requests add column account text;
alter table requests add column payment text;
update requests set payment = payer || ':' || nonce;
alter table requests alter column payment set not null;
alter table requests add column choice integer not null default 0;
alter table requests add column identifier text;
alter table requests add column charged_wei numeric(78,0);
alter table requests add column cumulative_wei numeric(78,0);
alter table requests add column taken_at numeric(78,0);
alter table requests add column generation json;
update requests set charged_wei = fee_wei where status = 'answered';
do $$ declare name text; begin
	for name in select conname from pg_constraint where conrelid = 'requests'::regclass and contype = 'c'
		and (pg_get_constraintdef(oid) like '%tx_hash%' or pg_get_constraintdef(oid) like '%status%')
	loop execute format('alter table requests drop constraint %I', name); end loop;
end $$;
alter table requests alter column valid_before drop not null;
alter table requests add check (status in ('claimed', 'settled', 'generated', 'answered'));
alter table requests add check ((status = 'answered') = (receipt_id is not null));
alter table requests add check (method <> 'exact' or (valid_before is not null and account is null));
alter table requests add check (method <> 'exact' or status = 'claimed' or tx_hash is not null);
alter table requests add check (method = 'exact' or (taken_at is not null and account is not null));
alter table requests add check (status not in ('generated', 'answered') or charged_wei is not null);
alter table requests add check (charged_wei is null or charged_wei between 0 and fee_wei);
create unique index requests_by_payment on requests (payment, choice);
create index requests_by_identifier on requests (payer, identifier) where identifier is not null;
create index requests_open on requests (status) where status <> 'answered';
alter table receipts add column method text not null default 'exact';
alter table receipts add column account text;
alter table receipts add column cumulative_wei numeric(78,0);
alter table receipts add column logprobs json;
create table channels (
	id text primary key, payer text not null, config json not null,
	balance_wei numeric(78,0) not null, claimed_wei numeric(78,0) not null,
	charged_wei numeric(78,0) not null, signed_wei numeric(78,0) not null, signature text,
	held_wei numeric(78,0) not null default 0, held_by text,
	withdraw_requested_at integer not null default 0, refund_nonce integer not null default 0, synced_at bigint not null,
	published json not null default '[]',
	check (charged_wei <= signed_wei), check (charged_wei + held_wei <= signed_wei),
	check ((held_by is null) = (held_wei = 0)));
create index channels_unclaimed on channels (id) where charged_wei > claimed_wei;
create table deposits (
	payer text not null, nonce text not null, channel_id text not null, amount_wei numeric(78,0) not null,
	status text not null check (status in ('claimed', 'settled')), tx_hash text, primary key (payer, nonce));
create table api_keys (
	id text primary key, payer text not null, balance_wei numeric(78,0) not null check (balance_wei >= 0),
	held_wei numeric(78,0) not null default 0, spent_wei numeric(78,0) not null default 0, created_at bigint not null,
	check (held_wei between 0 and balance_wei));
create table top_ups (
	payer text not null, nonce text not null, key_id text not null, request_hash text not null,
	authorization_hash text not null, resource text not null, pay_to text not null, amount_wei numeric(78,0) not null,
	valid_before numeric(78,0) not null, status text not null check (status in ('claimed', 'settled')), tx_hash text,
	primary key (payer, nonce), check (status = 'claimed' or tx_hash is not null));
`,
	},
	{
		id: 6,
		name: "scores of the rows that count",
		sql: `
create table scores (
	receipt_id text not null references receipts, row_index integer not null, contributor text not null,
	score numeric(20,0) not null, share_ppm integer not null check (share_ppm between 0 and 1000000),
	primary key (receipt_id, row_index));
`,
	},
	{
		id: 7,
		name: "epochs whose data is kept where anybody can read it",
		sql: `
do $$ declare name text; begin
	for name in select conname from pg_constraint where conrelid = 'epochs'::regclass and contype = 'c'
	loop execute format('alter table epochs drop constraint %I', name); end loop;
end $$;
alter table epochs add column closed_at numeric(20,0);
alter table epochs add column erased json not null default '[]';
alter table epochs add column data_root text;
alter table epochs add column data_chunks integer;
alter table epochs add column certificate text;
alter table epochs add column challenge_ends numeric(20,0);
update epochs set status = 'active' where status = 'submitted';
update epochs set closed_at = 0;
alter table epochs alter column closed_at set not null;
alter table epochs add check (status in ('collecting', 'ready', 'stored', 'proposed', 'active', 'fallen'));
alter table epochs add check (status = 'collecting' or (receipts_root is not null and earnings_root is not null and total_wei is not null));
alter table epochs add check (status not in ('stored', 'proposed') or (data_root is not null and data_chunks is not null and certificate is not null));
alter table epochs add check (status <> 'proposed' or challenge_ends is not null);
create table claims (account text not null, cumulative_wei numeric(78,0) not null, primary key (account, cumulative_wei));
`,
	},
	{
		id: 8,
		name: "terms of datanets, and which contributions are final",
		sql: `
alter table datanets add column content_type text not null default 'application/jsonl';
alter table datanets add column row_schema json;
alter table datanets add column stake_per_row_wei numeric(78,0) not null default 0;
alter table datanets add column access_price_wei numeric(78,0) not null default 0;
alter table datanets add column rule text not null default 'owner' check (rule in ('owner', 'committee', 'open'));
alter table contributions add column final boolean not null default false;
`,
	},
	{
		id: 9,
		name: "rows sealed under keys of their own, and erasure",
		sql: `
alter table rows alter column prompt drop not null;
alter table rows alter column response drop not null;
alter table rows alter column salt drop not null;
alter table rows add column sealed text;
alter table rows add column erased_at bigint;
alter table rows add column erase_reason text;
alter table rows add column tombstone json;
alter table contributions add column commitments json not null default '[]';
alter table snapshots add column taken_at bigint;
`,
	},
	{
		id: 10,
		name: "training jobs in order, with times, log and estimate; replays of runs",
		sql: `
alter table jobs drop constraint jobs_status_check;
alter table jobs add check (status in ('queued', 'running', 'stopped', 'done', 'failed'));
alter table jobs add column sequence serial;
alter table jobs add column queued_at bigint;
alter table jobs add column began_at bigint;
alter table jobs add column trained_at bigint;
alter table jobs add column ended_at bigint;
create unique index jobs_sequence on jobs (sequence);
create table job_lines (
	job_id text not null references jobs, sequence serial, at bigint not null, line text not null,
	primary key (job_id, sequence));
create table estimates (start text primary key, estimate json not null);
create table replays (
	id text primary key, sequence serial, model_id text not null references models, from_step integer not null,
	to_step integer not null, with_output boolean not null, status text not null
	check (status in ('queued', 'running', 'stopped', 'done', 'failed')),
	progress json, result json, error text, queued_at bigint not null, ended_at bigint);
create unique index replays_sequence on replays (sequence);
create index replays_model on replays (model_id, sequence);
`,
	},
	{
		id: 11,
		name: "contributions signed by wallets that the node has no key of, and the words of a datanet's terms",
		sql: `
alter table datanets add column terms text;
alter table contributions add column stored_at bigint;
create table contribution_drafts (
	id text primary key, datanet_id text not null references datanets, contributor text not null,
	rows_root text not null, commitments json not null, delivery json not null, expires_at bigint not null);
create index rows_of_contribution on rows (contribution_id);
`,
	},
];
