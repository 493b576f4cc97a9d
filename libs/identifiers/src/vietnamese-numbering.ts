/**
 * How numbers of Vietnam changed, national parts without the leading 0.
 * Mobile: from eleven digits to ten, September to November 2018 (decision 798/QĐ-BTTTT).
 * Landline: new area codes in three steps, February to August 2017 (decision 2036/QĐ-BTTTT); Vĩnh Phúc, Phú Thọ, Hòa Bình and Hà Giang kept theirs.
 */
const MOBILE_PREFIXES: ReadonlyMap<string, string> = new Map([
  ['120', '70'],
  ['121', '79'],
  ['122', '77'],
  ['126', '76'],
  ['128', '78'],
  ['123', '83'],
  ['124', '84'],
  ['125', '85'],
  ['127', '81'],
  ['129', '82'],
  ['162', '32'],
  ['163', '33'],
  ['164', '34'],
  ['165', '35'],
  ['166', '36'],
  ['167', '37'],
  ['168', '38'],
  ['169', '39'],
  ['186', '56'],
  ['188', '58'],
  ['199', '59'],
]);

const AREA_CODES: ReadonlyMap<string, string> = new Map([
  // 11 February 2017
  ['22', '212'], // Sơn La
  ['231', '213'], // Lai Châu
  ['20', '214'], // Lào Cai
  ['230', '215'], // Điện Biên
  ['29', '216'], // Yên Bái
  ['52', '232'], // Quảng Bình
  ['53', '233'], // Quảng Trị
  ['54', '234'], // Thừa Thiên Huế
  ['510', '235'], // Quảng Nam
  ['511', '236'], // Đà Nẵng
  ['37', '237'], // Thanh Hóa
  ['38', '238'], // Nghệ An
  ['39', '239'], // Hà Tĩnh
  // 15 April 2017
  ['33', '203'], // Quảng Ninh
  ['240', '204'], // Bắc Giang
  ['25', '205'], // Lạng Sơn
  ['26', '206'], // Cao Bằng
  ['27', '207'], // Tuyên Quang
  ['280', '208'], // Thái Nguyên
  ['281', '209'], // Bắc Kạn
  ['320', '220'], // Hải Dương
  ['321', '221'], // Hưng Yên
  ['241', '222'], // Bắc Ninh
  ['31', '225'], // Hải Phòng
  ['351', '226'], // Hà Nam
  ['36', '227'], // Thái Bình
  ['350', '228'], // Nam Định
  ['30', '229'], // Ninh Bình
  ['780', '290'], // Cà Mau
  ['781', '291'], // Bạc Liêu
  ['710', '292'], // Cần Thơ
  ['711', '293'], // Hậu Giang
  ['74', '294'], // Trà Vinh
  ['76', '296'], // An Giang
  ['77', '297'], // Kiên Giang
  ['79', '299'], // Sóc Trăng
  // 17 June 2017
  ['4', '24'], // Hà Nội
  ['8', '28'], // Hồ Chí Minh City
  ['61', '251'], // Đồng Nai
  ['62', '252'], // Bình Thuận
  ['64', '254'], // Bà Rịa - Vũng Tàu
  ['55', '255'], // Quảng Ngãi
  ['56', '256'], // Bình Định
  ['57', '257'], // Phú Yên
  ['58', '258'], // Khánh Hòa
  ['68', '259'], // Ninh Thuận
  ['60', '260'], // Kon Tum
  ['501', '261'], // Đắk Nông
  ['500', '262'], // Đắk Lắk
  ['63', '263'], // Lâm Đồng
  ['59', '269'], // Gia Lai
  ['70', '270'], // Vĩnh Long
  ['651', '271'], // Bình Phước
  ['72', '272'], // Long An
  ['73', '273'], // Tiền Giang
  ['650', '274'], // Bình Dương
  ['75', '275'], // Bến Tre
  ['66', '276'], // Tây Ninh
  ['67', '277'], // Đồng Tháp
]);

/** Digits after an area code: seven, but eight in the two cities whose code had one digit. */
const subscriberDigits = (areaCode: string): number => (areaCode.length === 1 ? 8 : 7);

/**
 * The present form of a national number that was valid before 2017/2018; undefined when it was none.
 * Ask only for numbers that are not valid today: some old landlines (038 …) look like mobile numbers of today, and those win.
 * @param national digits without the leading 0
 */
export function presentForm(national: string): string | undefined {
  if (national.length === 10) {
    const mobile = MOBILE_PREFIXES.get(national.slice(0, 3));
    if (mobile) return mobile + national.slice(3);
  }
  for (const length of [3, 2, 1]) {
    const areaCode = national.slice(0, length);
    const present = AREA_CODES.get(areaCode);
    if (present && national.length === length + subscriberDigits(areaCode)) return present + national.slice(length);
  }
  return undefined;
}

/** 1800… and 1900… (eight to ten digits), and short codes: dialled inside the country only, never anybody's own number. */
export const isServiceNumber = (digits: string): boolean => /^1[89]00\d{4,6}$|^\d{3,6}$/.test(digits);
