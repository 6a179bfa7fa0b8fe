'use client';
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';

/** Reads the page anew every `everyMs` while it is shown; without script there is a button. */
export function RefreshWhileWaiting({ everyMs }: { everyMs: number }) {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => router.refresh(), everyMs);
    return () => clearInterval(timer);
  }, [router, everyMs]);
  return null;
}
