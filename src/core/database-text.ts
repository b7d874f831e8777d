/**
 * How Manila's database compares names: its tables are `utf8` of MySQL with the collation utf8_general_ci (tried on
 * MariaDB 10.11), so that upper and lower case, accents and blanks at the end make no difference. Two names with the
 * same key cannot exist side by side.
 */
export function nameKey(name: string): string {
  // A letter with its accent in one character counts as the letter; an accent of its own is a character.
  const letters = Array.from(name, (char) => (char === 'ß' ? 'S' : (char.normalize('NFD').at(0) ?? '').toUpperCase()));
  return letters.join('').replace(/ +$/, '');
}

/** The first character that the same tables cannot hold (three bytes at most): Manila answers 500 to it. */
export function unstorable(text: string): string | undefined {
  return Array.from(text).find((char) => (char.codePointAt(0) ?? 0) > 0xffff);
}
