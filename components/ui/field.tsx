import type { ComponentProps, ReactNode } from 'react';
import { classNames } from './class-names';
import { StatusIcon } from './status-icon';

/** What `Field` hands to its control, so that label, hint and error are read out with it. */
export interface FieldControl {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
}

/** A label, its control, a hint and an error. `id` must be unique on the page. */
export function Field({
  id,
  label,
  hint,
  error,
  className,
  children,
}: {
  id: string;
  label: ReactNode;
  hint?: ReactNode;
  error?: ReactNode;
  className?: string;
  children: (control: FieldControl) => ReactNode;
}) {
  const hintId = `${id}-hint`;
  const errorId = `${id}-error`;
  const describedBy = [hint ? hintId : null, error ? errorId : null].filter(Boolean).join(' ');
  return (
    <div className={classNames('flex flex-col gap-1', className)}>
      <label htmlFor={id} className="font-medium text-ui">
        {label}
      </label>
      {children({ id, 'aria-describedby': describedBy || undefined, 'aria-invalid': error ? true : undefined })}
      {hint ? (
        <p id={hintId} className="text-meta text-muted">
          {hint}
        </p>
      ) : null}
      {error ? (
        <p id={errorId} className="flex gap-1.5 text-stopped text-ui">
          <StatusIcon shape="cross" className="mt-0.5" />
          <span>{error}</span>
        </p>
      ) : null}
    </div>
  );
}

const CONTROL =
  'min-h-(--control-height) w-full rounded-control border border-control bg-background px-2 text-body text-text placeholder:text-muted aria-invalid:border-stopped disabled:opacity-60';

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input {...rest} className={classNames(CONTROL, className)} />;
}

export function Select({ className, ...rest }: ComponentProps<'select'>) {
  return <select {...rest} className={classNames(CONTROL, 'pr-1', className)} />;
}
