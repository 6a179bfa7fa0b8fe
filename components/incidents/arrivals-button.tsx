'use client';
import { useEffect } from 'react';
import { onKeys } from '@/components/shell/key-presses';
import { Button } from '@/components/ui/button';
import { useLiveQueue } from './live-queue';

/** How many incidents wait to be shown; nothing moves until it is pressed. Its place is kept, so that it pushes nothing. */
export function ArrivalsButton() {
  const { arrivals, showNew } = useLiveQueue();
  useEffect(() => (arrivals ? onKeys({ n: showNew }) : undefined), [arrivals, showNew]);
  if (!arrivals) return null;
  return (
    <Button
      type="button"
      variant="primary"
      aria-keyshortcuts="n"
      onClick={showNew}
      className="max-card:fixed max-card:inset-x-4 max-card:bottom-4 max-card:z-20 max-card:shadow-overlay"
    >
      <span aria-hidden="true">↑</span>
      {arrivals.button}
      <kbd className="font-mono text-meta opacity-80 pointer-coarse:hidden">n</kbd>
    </Button>
  );
}
