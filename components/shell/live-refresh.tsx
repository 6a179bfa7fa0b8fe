'use client';
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { type LiveNotice, onLiveNotice } from './live-events';

const GATHER_MS = 300;

/** Makes the page anew, in place, when something of these kinds changed; for pages whose rows may move. */
export function LiveRefresh({ kinds }: { kinds: readonly LiveNotice[] }) {
  const router = useRouter();
  const wanted = kinds.join(' ');
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = onLiveNotice((kind) => {
      if (!wanted.split(' ').includes(kind)) return;
      clearTimeout(timer);
      timer = setTimeout(() => router.refresh(), GATHER_MS);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [router, wanted]);
  return null;
}
