'use client';
import { useEffect, useState } from 'react';
import { Button, type ButtonVariant } from './button';

const SHOWN_MS = 2_000;

/** Copies `value`; says so for two seconds. `name` tells apart several such buttons on one page when read out. */
export function CopyButton({
  value,
  label,
  copiedLabel,
  failedLabel,
  name,
  variant = 'secondary',
  className,
}: {
  value: string;
  label: string;
  copiedLabel: string;
  failedLabel: string;
  name?: string;
  variant?: ButtonVariant;
  className?: string;
}) {
  const [outcome, setOutcome] = useState<'copied' | 'failed' | null>(null);
  useEffect(() => {
    if (!outcome) return;
    const timer = setTimeout(() => setOutcome(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      setOutcome('copied');
    } catch {
      setOutcome('failed');
    }
  };
  return (
    <>
      <Button
        type="button"
        variant={variant}
        {...(className ? { className } : {})}
        {...(name ? { 'aria-label': `${label}: ${name}` } : {})}
        onClick={() => void copy()}
      >
        {outcome === 'copied' ? copiedLabel : outcome === 'failed' ? failedLabel : label}
      </Button>
      <span role="status" className="sr-only">
        {outcome === 'copied' ? copiedLabel : outcome === 'failed' ? failedLabel : ''}
      </span>
    </>
  );
}
