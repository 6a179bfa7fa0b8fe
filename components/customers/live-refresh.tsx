'use client';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { Notice } from '@/components/ui/notice';

/** Reads the page anew when the server says that a connection or its freshness changed; says so when it can't hear. */
export function LiveRefresh({ lostMessage }: { lostMessage: string }) {
  const router = useRouter();
  const [isLost, setLost] = useState(false);
  useEffect(() => {
    const source = new EventSource('/api/v1/events');
    const refresh = () => router.refresh();
    source.addEventListener('open', () => {
      setLost(false);
      // What happened while the line was down is unknown.
      refresh();
    });
    source.addEventListener('connection', refresh);
    source.addEventListener('freshness', refresh);
    source.addEventListener('error', () => setLost(true));
    return () => source.close();
  }, [router]);
  return isLost ? (
    <Notice kind="late" live className="mt-4">
      {lostMessage}
    </Notice>
  ) : null;
}
