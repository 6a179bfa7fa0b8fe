import type { ReactNode } from 'react';

/** More to read on demand; works without script, and the browser's find opens it. */
export function Disclosure({
  summary,
  open,
  id,
  className,
  children,
}: {
  summary: ReactNode;
  open?: boolean;
  id?: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <details id={id} open={open} className={className}>
      <summary className="flex min-h-6 list-none items-start gap-1.5 rounded-control py-0.5 hover:bg-hover [&::-webkit-details-marker]:hidden">
        <svg
          viewBox="0 0 16 16"
          aria-hidden="true"
          className="mt-0.5 size-4 shrink-0 fill-current text-muted in-[details[open]>summary]:rotate-90"
        >
          <path d="M6 4l5 4-5 4z" />
        </svg>
        <span className="min-w-0 flex-1">{summary}</span>
      </summary>
      <div className="pt-1 pl-5.5">{children}</div>
    </details>
  );
}
