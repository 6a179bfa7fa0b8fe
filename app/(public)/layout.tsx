import type { ReactNode } from 'react';

/** One narrow column, for people who come here once a year. */
export default function PublicLayout({ children }: { children: ReactNode }) {
  return <div className="mx-auto w-full max-w-[40rem] px-4 py-8 text-body">{children}</div>;
}
