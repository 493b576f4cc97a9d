import { MalformedPayload } from '@lienmach/contracts';
import { fieldsOf, sameText, textOf, type DoorRequest } from '@lienmach/adapter-kit';

/** CloudFone signs nothing. Its bodies carry the customer's ApiKey, which is asked for where the account has one, beside the unguessable path. */
export function verifyCloudfone(request: DoorRequest, apiKey: string | undefined): boolean {
  if (apiKey === undefined) return true;
  try {
    return sameText(textOf(fieldsOf(request), 'ApiKey') ?? '', apiKey);
  } catch (error) {
    if (error instanceof MalformedPayload) return false;
    throw error;
  }
}
