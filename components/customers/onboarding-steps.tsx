import { useTranslations } from 'next-intl';
import { Steps } from '@/components/ui/steps';
import { TimeText } from '@/components/ui/time-text';
import type { OnboardingStep } from '@/lib/customers/onboarding';
import type { CustomerRow } from '@/lib/customers/queries';
import { CauseText } from './cause-text';

/** How far a customer is, from the invitation to the first incidents. */
export function OnboardingSteps({ row, steps }: { row: CustomerRow; steps: OnboardingStep[] }) {
  const t = useTranslations('customers');
  const { grantedRoles, requiredRoles } = row.connection;
  const granted = requiredRoles.filter((role) => grantedRoles.includes(role)).length;
  const values = { granted, required: requiredRoles.length, detail: row.invitation?.lastOutcomeDetail ?? '' };
  return (
    <Steps
      stateLabels={{
        done: t('stepState.done'),
        now: t('stepState.now'),
        waiting: t('stepState.waiting'),
        failed: t('stepState.failed'),
      }}
      steps={steps.map((step) => ({
        key: step.key,
        state: step.state,
        title: t(`step.${step.key}`),
        ...(step.note ? { detail: step.note === 'cause' ? <CauseText row={row} /> : t(step.note, values) } : {}),
        ...(step.at ? { time: <TimeText at={step.at} /> } : {}),
      }))}
    />
  );
}
