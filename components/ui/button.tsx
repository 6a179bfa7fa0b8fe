import Link from 'next/link';
import type { ComponentProps } from 'react';
import { classNames } from './class-names';

/** One `primary` at most on a page. `danger` takes something away; `quiet` is for tool rows. */
export type ButtonVariant = 'primary' | 'secondary' | 'danger' | 'quiet';

const BASE =
  'inline-flex min-h-(--control-height) items-center justify-center gap-2 rounded-control border px-3 text-ui font-medium no-underline transition-colors disabled:opacity-60';

const VARIANTS: Record<ButtonVariant, string> = {
  primary:
    'border-transparent bg-accent text-on-accent hover:bg-accent-hover disabled:hover:bg-accent forced-colors:border-[ButtonText]',
  secondary: 'border-control bg-background text-text hover:bg-hover',
  danger: 'border-stopped bg-background text-stopped hover:bg-hover',
  quiet: 'border-transparent text-text hover:bg-hover',
};

/** A button that acts; inside a form it submits unless `type` says otherwise. */
export function Button({
  variant = 'secondary',
  className,
  ...rest
}: ComponentProps<'button'> & { variant?: ButtonVariant }) {
  return <button type="submit" {...rest} className={classNames(BASE, VARIANTS[variant], className)} />;
}

/** A link that looks like a button: it leads somewhere and changes nothing. */
export function LinkButton({
  variant = 'secondary',
  className,
  ...rest
}: ComponentProps<typeof Link> & { variant?: ButtonVariant }) {
  return <Link {...rest} className={classNames(BASE, VARIANTS[variant], className)} />;
}

/** A link to another site: opens there with neither our address nor a handle on this window. */
export function OutsideLinkButton({
  variant = 'secondary',
  className,
  children,
  ...rest
}: ComponentProps<'a'> & { variant?: ButtonVariant; href: string }) {
  return (
    <a {...rest} target="_blank" rel="noopener noreferrer" className={classNames(BASE, VARIANTS[variant], className)}>
      {children}
      <span aria-hidden="true">↗</span>
    </a>
  );
}
