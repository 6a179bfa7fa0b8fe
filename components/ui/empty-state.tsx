import type { ReactNode } from 'react';

/** Absence as a sentence, with the one thing that can be done about it. */
export function EmptyState({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex flex-col items-start gap-3 border-line border-y px-2 py-8 text-body">
      <div className="max-w-prose space-y-1">{children}</div>
      {action}
    </div>
  );
}
