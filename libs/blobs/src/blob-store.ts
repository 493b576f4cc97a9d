/** Keeps attachments and bodies that are too large for a record, named by what they hold: the same bytes are kept once, whoever brings them. */
export interface BlobStore {
  /**
   * Keeps the bytes; returns when they survive the end of the process and of the machine. A second call with the same name does nothing.
   * @param sha256 of the bytes, 64 hexadecimal digits in lower case
   * @throws TemporarilyUnavailable when they cannot be kept just now (a full or missing disk)
   */
  put(sha256: string, bytes: Buffer): Promise<void>;
  /** The bytes; undefined when nobody kept them. */
  get(sha256: string): Promise<Buffer | undefined>;
}
