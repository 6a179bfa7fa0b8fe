const LENGTH_MAX = 48;
const LETTERS: Record<string, string> = {
  æ: 'ae',
  ø: 'oe',
  å: 'aa',
  ß: 'ss',
  œ: 'oe',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
};

/**
 * The short name of a tenant in URLs: lower-case ASCII words joined by hyphens. A name in another script gives what its
 * domain gives.
 */
export function slugOf(name: string, domain: string | null): string {
  for (const source of [name, domain?.split('.')[0] ?? '']) {
    const slug = source
      .toLowerCase()
      .replace(/[æøåßœłđðþ]/g, (letter) => LETTERS[letter] ?? letter)
      .normalize('NFD')
      .replace(/\p{Mark}/gu, '')
      .replace(/[^a-z0-9]+/g, '-')
      .slice(0, LENGTH_MAX)
      .replace(/^-+|-+$/g, '');
    // `/customers/new` is a page of its own.
    if (slug === 'new') return 'new-customer';
    if (slug.length >= 2) return slug;
  }
  return 'tenant';
}
