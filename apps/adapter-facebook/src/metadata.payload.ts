/** What we give a message along, and its echo brings back. */
export interface Metadata {
  readonly commandId: string;
  /** Of a private answer: whose comment it answers. */
  readonly commenter: string | null;
}

/** Of a private answer; of any other message it is the command's id alone. */
export const privateMetadata = ({ commandId, commenter }: Metadata): string => `${commandId} ${commenter}`;

/** @param text of an echo of our own app */
export function readMetadata(text: string): Metadata {
  const [commandId = '', commenter = null] = text.split(' ');
  return { commandId, commenter };
}
