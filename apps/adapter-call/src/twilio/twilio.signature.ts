import { urlAndFormFit, type DoorRequest } from '@lienmach/adapter-kit';

/** `X-Twilio-Signature`, over the address that Twilio was given and the form. */
export const verifyTwilio = (request: DoorRequest, authToken: string): boolean =>
  urlAndFormFit(request, request.headers['x-twilio-signature'], authToken);
