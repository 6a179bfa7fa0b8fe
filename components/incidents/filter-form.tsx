import { useTranslations } from 'next-intl';
import { FocusKey } from '@/components/shell/focus-key';
import { Button, LinkButton } from '@/components/ui/button';
import { Input, Select } from '@/components/ui/field';
import type { QueueFilter } from '@/lib/incidents/filter';
import type { VisibleTenant } from '@/lib/incidents/visible-tenants';
import { wordFor } from './words';

const CUSTOMERS_IN_LIST_MAX = 200;

function CustomerControl({ filter, tenants, id }: { filter: QueueFilter; tenants: VisibleTenant[]; id: string }) {
  const t = useTranslations('incidents');
  const chosen = filter.customers.join(',');
  if (tenants.length > CUSTOMERS_IN_LIST_MAX) {
    return <Input id={id} name="customer" defaultValue={chosen} placeholder={t('filter.customerHint')} />;
  }
  return (
    <Select id={id} name="customer" defaultValue={chosen} className="card:max-w-56">
      <option value="">{t('filter.allCustomers')}</option>
      {filter.customers.length > 1 ? <option value={chosen}>{chosen}</option> : null}
      {tenants.map(({ slug, customerName }) => (
        <option key={slug} value={slug}>
          {customerName}
        </option>
      ))}
    </Select>
  );
}

/** The filters as a plain form: what it sends is the address, and it works without script. */
export function FilterForm({
  filter,
  tenants,
  severities,
  statuses,
}: {
  filter: QueueFilter;
  tenants: VisibleTenant[];
  severities: readonly string[];
  statuses: readonly string[];
}) {
  const t = useTranslations('incidents');
  const status = filter.statuses.join(',') || 'all';
  const severity: readonly string[] = filter.severities;
  return (
    <form
      method="get"
      action="/incidents"
      aria-label={t('filter.label')}
      className="flex flex-wrap items-end gap-x-4 gap-y-2 border-line border-b py-2 max-phone:grid max-phone:grid-cols-2"
    >
      <fieldset className="max-phone:col-span-2">
        <legend className="mb-1 font-medium text-meta text-muted">{t('severity.label')}</legend>
        <div className="flex min-h-(--control-height) flex-wrap items-center gap-x-3">
          {severities.map((each, index) => (
            <label key={each} className="flex min-h-6 items-center gap-1.5 text-ui">
              <input
                {...(index === 0 ? { id: 'filter-first' } : {})}
                type="checkbox"
                name="severity"
                value={each}
                defaultChecked={severity.includes(each)}
                className="size-4 accent-accent"
              />
              {wordFor(t, 'severity', each)}
            </label>
          ))}
        </div>
      </fieldset>
      <div className="flex flex-col gap-1">
        <label htmlFor="filter-status" className="font-medium text-meta text-muted">
          {t('status.label')}
        </label>
        <Select id="filter-status" name="status" defaultValue={status}>
          {filter.statuses.length > 1 ? (
            <option value={status}>{filter.statuses.map((each) => wordFor(t, 'status', each)).join(', ')}</option>
          ) : null}
          {statuses.map((each) => (
            <option key={each} value={each}>
              {wordFor(t, 'status', each)}
            </option>
          ))}
        </Select>
      </div>
      <div className="flex min-w-0 flex-col gap-1">
        <label htmlFor="filter-customer" className="font-medium text-meta text-muted">
          {t('filter.customer')}
        </label>
        <CustomerControl filter={filter} tenants={tenants} id="filter-customer" />
      </div>
      <div className="flex gap-2 max-phone:col-span-2">
        <Button>{t('filter.apply')}</Button>
        <LinkButton href="/incidents?status=open" variant="quiet">
          {t('filter.clear')}
        </LinkButton>
      </div>
      <FocusKey pressed="/" target="filter-first" />
    </form>
  );
}
