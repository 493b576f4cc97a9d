/**
 * Public holidays of Vietnam as the Labour Code (2019, article 112) has them: New Year, five days of Tết from the day before it, the Hùng Kings' day, 30 April,
 * 1 May, National Day and the day before. What the government adds, or moves because of a weekend, is a tenant's own to enter.
 */
const VIETNAM: readonly string[] = [
  '2026-01-01',
  '2026-02-16',
  '2026-02-17',
  '2026-02-18',
  '2026-02-19',
  '2026-02-20',
  '2026-04-26',
  '2026-04-30',
  '2026-05-01',
  '2026-09-01',
  '2026-09-02',
  '2027-01-01',
  '2027-02-05',
  '2027-02-06',
  '2027-02-07',
  '2027-02-08',
  '2027-02-09',
  '2027-04-16',
  '2027-04-30',
  '2027-05-01',
  '2027-09-01',
  '2027-09-02',
];

/** Days without work, `yyyy-mm-dd`, by the country whose holidays a tenant keeps. */
export const HOLIDAYS: Readonly<Record<string, ReadonlySet<string>>> = { VN: new Set(VIETNAM) };
