const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Ids are opaque to clients: one of another form is one that nothing has. */
export const isUuid = (text: string): boolean => UUID.test(text);
