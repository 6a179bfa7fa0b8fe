/** Where a chosen appearance is kept; absent means as the system. */
export const THEME_COOKIE = 'watchfold.theme';

export const THEMES = ['light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** An appearance from outside; null for anything else, which means as the system. */
export function themeFrom(text: string | undefined): Theme | null {
  return THEMES.find((theme) => theme === text) ?? null;
}
