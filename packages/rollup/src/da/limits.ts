// Bounds of the data layer, of which EigenDA's proxy knows the first two as well. It must not know what the bytes mean.

/**
 * Bytes of one payload: what the proxy takes in one POST. Its blobs have 16 MiB, in elements of 32 bytes that hold 31 each, the first of
 * which is a header.
 */
export const MAX_PAYLOAD = ((16 * 1024 * 1024) / 32 - 1) * 31;

/** Bytes of a commitment as it stands in a path; EigenDA's certificates have one to a few thousand. */
export const MAX_COMMITMENT = 16_384;

/** Bytes of one part of a larger blob, below MAX_PAYLOAD. */
export const MAX_PART = 15 * 1024 * 1024;

/** Bytes of a blob in parts. */
export const MAX_BLOB = 1024 * 1024 * 1024;
