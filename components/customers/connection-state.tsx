import { useTranslations } from 'next-intl';
import { StatusLabel, type StatusShape } from '@/components/ui/status-icon';
import type { Tone } from '@/components/ui/tone';
import type { CustomerRow } from '@/lib/customers/queries';

const LOOKS: Record<string, { shape: StatusShape; tone: Tone }> = {
  invited: { shape: 'ring', tone: 'muted' },
  consented: { shape: 'quarter', tone: 'active' },
  verified: { shape: 'tick', tone: 'good' },
  degraded: { shape: 'clock', tone: 'late' },
  unproved: { shape: 'cross', tone: 'stopped' },
  revoked: { shape: 'cross', tone: 'stopped' },
  offboarded: { shape: 'square', tone: 'muted' },
};

/** A connection's state as shape and word; one that was approved and could not be proved says so. */
export function ConnectionState({ connection }: { connection: CustomerRow['connection'] }) {
  const t = useTranslations('customers.state');
  const isUnproved = connection.state === 'consented' && !connection.isProving && connection.causeCode !== null;
  const state = isUnproved ? 'unproved' : connection.state;
  const { shape, tone } = LOOKS[state] ?? { shape: 'question' as const, tone: 'muted' as const };
  return (
    <StatusLabel shape={shape} tone={tone}>
      {t(state)}
    </StatusLabel>
  );
}
