/** Of a batch that somebody removed from the database: it is no batch's handle. */
export const NO_BATCH_HANDLE: Uint8Array<ArrayBuffer> = new Uint8Array(16);
