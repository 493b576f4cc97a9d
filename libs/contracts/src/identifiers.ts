/** Types of identifiers in rank order (rule I10 breaks ties by it). */
export const IDENTIFIER_TYPES = [
  'crm_id',
  'loyalty_id',
  'phone',
  'email',
  'fb_psid',
  'fb_asid',
  'fb_commenter',
  'zalo_oa_uid',
  'zalo_app_uid',
  'web_visitor',
  'mail_thread',
] as const;

export type IdentifierType = (typeof IDENTIFIER_TYPES)[number];

/** Types that a vendor gives to one person within one scope (a page, an OA): two of them in one scope are two people (rule I8). */
export const UNIQUE_TYPES: ReadonlySet<IdentifierType> = new Set([
  'crm_id',
  'loyalty_id',
  'fb_psid',
  'fb_asid',
  'fb_commenter',
  'zalo_oa_uid',
  'zalo_app_uid',
]);

/** What an identifier may be used for (rule I6). */
export const IDENTIFIER_CLASSES = ['personal', 'shared', 'company', 'blocked'] as const;
export type IdentifierClass = (typeof IDENTIFIER_CLASSES)[number];

/** How strongly two identifiers are tied (rules I3-I5), weakest first. */
export const LINK_LEVELS = ['claimed', 'corroborated', 'verified'] as const;
export type LinkLevel = (typeof LINK_LEVELS)[number];
