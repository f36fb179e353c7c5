// How much a file, a line and a field may hold. It must not know any format.

/** Bytes of one file: 64 MiB. */
export const MAX_FILE_BYTES = 64 * 1024 * 1024;
/** Bytes of one line of JSON Lines, or of one CSV record: 64 KiB. */
export const MAX_LINE_BYTES = 64 * 1024;
/** Unicode characters of a prompt. */
export const MAX_PROMPT_CHARACTERS = 2000;
/** Unicode characters of a response. */
export const MAX_RESPONSE_CHARACTERS = 4000;
/** Unicode characters of a plain text. */
export const MAX_TEXT_CHARACTERS = 16_000;
/** Messages of one conversation. */
export const MAX_TURNS = 64;
/** Rows of one file; more would not fit the memory of a small machine once they are compared. */
export const MAX_ROWS = 250_000;
/** Rejected rows of one file, after which it is taken for a file of another kind. */
export const MAX_REJECTED = 10_000;

/** Bytes of one file that is streamed: 16 GiB. */
export const MAX_STREAM_BYTES = 16 * 1024 * 1024 * 1024;
/** Rows that a stream keeps: their keys take about 300 bytes each of memory. */
export const MAX_STREAM_ROWS = 4_000_000;
