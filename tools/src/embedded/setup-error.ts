/**
 * Something about the machine or its settings stands in the way; the message is one sentence (or two) that says what to do.
 * Commands print it without a stack.
 */
export class SetupError extends Error {
  readonly expected = true;
  override readonly name = 'SetupError';
}

/** Turns the file system's refusals into a sentence; anything else stays what it was. */
export function explainFileError(error: unknown, folder: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new SetupError(
      `The folder ${folder} cannot be written: give this user the right to, or set DATA_DIR to another one.`,
    );
  }
  if (code === 'ENOTDIR' || code === 'EEXIST') {
    return new SetupError(
      `${folder} cannot be a folder, a file is in its way: move it, or set DATA_DIR to another folder.`,
    );
  }
  if (code === 'ENOSPC')
    return new SetupError(`The disk of ${folder} is full: make room, or set DATA_DIR to another disk.`);
  return error;
}
