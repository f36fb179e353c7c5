/** Version of the op definitions. Raise it whenever a definition changes bits; it is part of the engine id. */
export const OPERATIONS_VERSION = 1;
