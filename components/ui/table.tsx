import type { ComponentProps, ReactNode } from 'react';
import { classNames } from './class-names';

/** A native table: people read it, nobody edits cells. `caption` names it for screen readers. */
export function Table({ caption, className, children, ...rest }: ComponentProps<'table'> & { caption: ReactNode }) {
  return (
    <table {...rest} className={classNames('w-full border-collapse text-left text-table', className)}>
      <caption className="sr-only">{caption}</caption>
      {children}
    </table>
  );
}

export function TableHead({ className, children, ...rest }: ComponentProps<'thead'>) {
  return (
    <thead {...rest} className={className}>
      <tr>{children}</tr>
    </thead>
  );
}

export function TableHeader({ className, ...rest }: ComponentProps<'th'>) {
  return (
    <th
      scope="col"
      {...rest}
      className={classNames(
        'h-9 border-line border-b bg-background px-2 align-middle font-medium text-meta text-muted',
        className,
      )}
    />
  );
}

export function TableRow({ className, ...rest }: ComponentProps<'tr'>) {
  return <tr {...rest} className={classNames('hover:bg-hover', className)} />;
}

export function TableCell({ className, ...rest }: ComponentProps<'td'>) {
  return <td {...rest} className={classNames('h-9 border-line border-b px-2 py-1.5 align-top', className)} />;
}
