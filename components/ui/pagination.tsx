import { LinkButton } from './button';

/** Steps through a list by cursor: links to the first and the next page, where there are such. */
export function Pagination({
  label,
  first,
  next,
}: {
  label: string;
  first: { href: string; label: string } | null;
  next: { href: string; label: string } | null;
}) {
  if (!first && !next) return null;
  return (
    <nav aria-label={label} className="flex items-center gap-2 py-3">
      {first ? <LinkButton href={first.href}>{first.label}</LinkButton> : null}
      {next ? (
        <LinkButton href={next.href} rel="next">
          {next.label}
        </LinkButton>
      ) : null}
    </nav>
  );
}
