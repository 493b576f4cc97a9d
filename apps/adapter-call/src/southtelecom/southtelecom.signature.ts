/** South Telecom signs nothing: the unguessable part of the path, which the kit has looked up, is the proof. */
export const verifySouthtelecom = (): boolean => true;
