import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapedParts, escapedText } from './escaped-parts';

describe('text from an incident', () => {
  it('shows a right-to-left override instead of obeying it', () => {
    expect(escapedText('invoice\u202Efdp.exe')).toBe('invoice\\u202Efdp.exe');
  });

  it('shows zero-width, control and tag characters', () => {
    expect(escapedText('a\u200Bb\u0000c\u{E0041}d')).toBe('a\\u200Bb\\u0000c\\u{E0041}d');
  });

  it('leaves letters of every script as they are', () => {
    expect(escapedText('Sønderjyllands Æblegård, 分配给, España, ملف')).toBe(
      'Sønderjyllands Æblegård, 分配给, España, ملف',
    );
  });

  it('keeps line breaks only where lines are wanted', () => {
    expect(escapedParts('a\nb', true)).toEqual([{ text: 'a\nb', escaped: false }]);
    expect(escapedText('a\nb')).toBe('a\\u000Ab');
  });

  it('never lets a deceptive character through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapedText(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});
