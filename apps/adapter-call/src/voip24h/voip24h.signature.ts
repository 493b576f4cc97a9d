/** VoIP24H signs nothing: the unguessable part of the path, which the kit has looked up, is the proof. */
export const verifyVoip24h = (): boolean => true;
