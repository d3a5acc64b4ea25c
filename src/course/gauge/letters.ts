/** The characters of a code, and the two at its end that tell when one of the others is wrong. */

/** Crockford's base 32: no I, L, O or U, so that none is taken for another (https://www.crockford.com/base32.html). */
export const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** What people write instead. */
const mistaken: Readonly<Record<string, string>> = { I: '1', L: '1', O: '0' };

/** The largest prime that two characters can count to. */
const modulus = 1021n;

/** As it was meant: capitals without spaces and dashes. What is in no code stays as it is. */
export function normalised(text: string): string {
  return text
    .toUpperCase()
    .replaceAll(/[\s\p{Dash}]/gu, '')
    .replaceAll(/[ILO]/g, (letter) => mistaken[letter] ?? letter);
}

/** The number that stands for a text of letters. */
export function numberOf(text: string): bigint {
  return [...text].reduce((number, letter) => number * 32n + BigInt(letters.indexOf(letter)), 0n);
}

/** That many letters for a number. */
export function lettersOf(number: bigint, count: number): string {
  return Array.from({ length: count }, (_, at) => letters[Number((number >> BigInt(5 * (count - 1 - at))) & 31n)]).join(
    '',
  );
}

/**
 * The text with its check: itself modulo a prime, as in an IBAN. One wrong letter, or two neighbours that have changed places,
 * change the number by less than 32² times a power of 32, which no prime of that size divides.
 */
export const withCheck = (text: string): string => text + lettersOf(numberOf(text) % modulus, 2);

/** Whether it is made of letters, of which the last two fit to those before them. */
export const isChecked = (text: string): boolean =>
  /^[0-9A-HJKMNP-TV-Z]{3,}$/.test(text) && withCheck(text.slice(0, -2)) === text;

/** Groups of four, as one reads them aloud. */
export const inGroups = (text: string): string => text.match(/.{1,4}/g)?.join('-') ?? '';
