'use client';
import { useEffect, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/choice';
import { areKeysOn, onKeys, switchKeys } from './key-presses';

/** The list of keys, on `?` and on its button, with the switch that turns single letters off. */
export function KeyHelp({
  labels,
  keys,
}: {
  labels: { open: string; title: string; close: string; enabled: string; enabledHint: string };
  keys: [string, string][];
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [on, setOn] = useState(true);
  useEffect(() => {
    setOn(areKeysOn());
    return onKeys({ '?': () => dialog.current?.showModal() });
  }, []);
  return (
    <>
      <Button type="button" variant="quiet" aria-label={labels.open} onClick={() => dialog.current?.showModal()}>
        <span aria-hidden="true">?</span>
      </Button>
      <dialog
        ref={dialog}
        aria-labelledby="keys-heading"
        className="m-auto w-90 max-w-[calc(100vw-2rem)] rounded-control border border-line bg-background p-4 text-text shadow-overlay backdrop:bg-black/40"
      >
        <h2 id="keys-heading" className="mb-3 text-section">
          {labels.title}
        </h2>
        <dl className="mb-3 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-ui">
          {keys.map(([key, meaning]) => (
            <div key={key} className="contents">
              <dt>
                <kbd className="rounded-control border border-control px-1.5 font-mono text-meta">{key}</kbd>
              </dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
        <Checkbox
          label={labels.enabled}
          hint={labels.enabledHint}
          checked={on}
          onChange={(event) => {
            setOn(event.target.checked);
            switchKeys(event.target.checked);
          }}
        />
        <form method="dialog" className="mt-4">
          <Button>{labels.close}</Button>
        </form>
      </dialog>
    </>
  );
}
