'use client';
import { useState } from 'react';
import { Choices, Radio } from '@/components/ui/choice';
import { THEME_COOKIE, THEMES, type Theme } from './theme';

const YEAR_SECONDS = 31_536_000;

function choose(theme: Theme | null): void {
  const { dataset } = document.documentElement;
  if (theme) dataset['theme'] = theme;
  else delete dataset['theme'];
  const age = theme ? YEAR_SECONDS : 0;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store is not in every browser that we support
  document.cookie = `${THEME_COOKIE}=${theme ?? ''}; path=/; max-age=${age}; samesite=lax`;
}

/** Light, dark or as the system; takes effect at once and is kept in a cookie, so that pages come in it. */
export function ThemeChoice({
  initial,
  labels,
}: {
  initial: Theme | null;
  labels: { legend: string; system: string; light: string; dark: string };
}) {
  const [theme, setTheme] = useState(initial);
  return (
    <Choices legend={labels.legend}>
      {([null, ...THEMES] as const).map((each) => (
        <Radio
          key={each ?? 'system'}
          name="theme"
          label={labels[each ?? 'system']}
          checked={theme === each}
          onChange={() => {
            setTheme(each);
            choose(each);
          }}
        />
      ))}
    </Choices>
  );
}
