import type { ComponentProps, ReactNode } from 'react';
import { classNames } from './class-names';

type ChoiceProps = Omit<ComponentProps<'input'>, 'type'> & { label: ReactNode; hint?: ReactNode };

function Choice({ type, label, hint, className, ...rest }: ChoiceProps & { type: 'checkbox' | 'radio' }) {
  return (
    <label className={classNames('flex min-h-6 items-start gap-2 py-0.5 text-ui', className)}>
      <input {...rest} type={type} className="mt-0.5 size-4 shrink-0 accent-accent" />
      <span>
        {label}
        {hint ? <span className="block text-meta text-muted">{hint}</span> : null}
      </span>
    </label>
  );
}

export function Checkbox(props: ChoiceProps) {
  return <Choice {...props} type="checkbox" />;
}

export function Radio(props: ChoiceProps) {
  return <Choice {...props} type="radio" />;
}

/** A question with several boxes to choose from; `legend` is read out before each. */
export function Choices({
  legend,
  hint,
  children,
  className,
}: {
  legend: ReactNode;
  hint?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  return (
    <fieldset className={classNames('flex flex-col gap-1', className)}>
      <legend className="mb-1 font-medium text-ui">{legend}</legend>
      {hint ? <p className="text-meta text-muted">{hint}</p> : null}
      {children}
    </fieldset>
  );
}
