// Verhoeff's check digit: the dihedral group of order ten, which notices every wrong digit and every
// two neighbours that changed places.

/** Digits are the symmetries of a pentagon: 0 to 4 turn it, 5 to 9 turn it over first. */
function multiply(a: number, b: number): number {
  const turned = a < 5 ? a + b : a - b;
  const over = a < 5 !== b < 5;
  return (((turned % 5) + 5) % 5) + (over ? 5 : 0);
}

/** How a digit counts one place further to the left. */
const STEP = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4] as const;

/**
 * Whether the last of these digits is the check digit of the others.
 *
 * Takes:   decimal digits and nothing else.
 * Source:  J. Verhoeff, Error Detecting Decimal Codes (1969); vectors/discovery-v1.json.
 */
export function endsWithCheckDigit(digits: string): boolean {
  let check = 0;
  for (const [place, digit] of [...digits].reverse().entries()) {
    let value = Number(digit);
    for (let step = 0; step < place % 8; step += 1) value = STEP[value] as number;
    check = multiply(check, value);
  }
  return check === 0;
}
