/** Largest body of a door for mail: 35 MB of attachments (Postmark's limit) in base64. */
export const MAIL_BODY = 48 * 1024 * 1024;
