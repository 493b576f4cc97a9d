/** The add-ons of 3CX sign nothing: the unguessable part of the path, which the kit has looked up, is the proof. */
export const verifyThreeCx = (): boolean => true;
