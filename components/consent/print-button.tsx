'use client';
import { Button } from '@/components/ui/button';

export function PrintButton({ label }: { label: string }) {
  return (
    <Button type="button" className="min-h-11 text-body" onClick={() => window.print()}>
      {label}
    </Button>
  );
}
