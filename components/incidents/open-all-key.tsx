'use client';
import { useEffect } from 'react';
import { onKeys } from '@/components/shell/key-presses';

/** On `o`, opens every alert in the element of that id, or closes them all when they are open. */
export function OpenAllKey({ within }: { within: string }) {
  useEffect(
    () =>
      onKeys({
        o: () => {
          const alerts = [...document.querySelectorAll<HTMLDetailsElement>(`#${within} > ul > li > details`)];
          const isEveryOpen = alerts.every((alert) => alert.open);
          for (const alert of alerts) alert.open = !isEveryOpen;
        },
      }),
    [within],
  );
  return null;
}
