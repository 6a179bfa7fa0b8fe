import Link from 'next/link';
import type { ReactNode } from 'react';

/** A page's title with the way back above it, facts beneath and its actions at the end. */
export function PageHeader({
  title,
  back,
  meta,
  actions,
}: {
  title: ReactNode;
  back?: { href: string; label: ReactNode };
  meta?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3 py-4">
      <div className="min-w-0">
        {back ? (
          <p className="mb-1 text-ui">
            <Link href={back.href} className="link inline-flex min-h-6 items-center gap-1">
              <span aria-hidden="true">‹</span>
              {back.label}
            </Link>
          </p>
        ) : null}
        <h1 className="break-words text-title">{title}</h1>
        {meta ? <div className="mt-1 text-muted text-ui">{meta}</div> : null}
      </div>
      {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
    </header>
  );
}

/** A part of a page under its own heading; `id` makes it a place to link to. */
export function Section({ id, title, children }: { id: string; title: ReactNode; children: ReactNode }) {
  return (
    <section id={id} aria-labelledby={`${id}-heading`} className="scroll-mt-(--sticky-height) py-4">
      <h2 id={`${id}-heading`} className="mb-2 text-section">
        {title}
      </h2>
      {children}
    </section>
  );
}
