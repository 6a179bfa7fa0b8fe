import type { ReactNode } from 'react';
import { StatusIcon, type StatusShape } from './status-icon';
import { TONE_TEXT, type Tone } from './tone';

export type StepState = 'done' | 'now' | 'waiting' | 'failed';

const SHAPES: Record<StepState, { shape: StatusShape; tone: Tone }> = {
  done: { shape: 'tick', tone: 'good' },
  now: { shape: 'quarter', tone: 'active' },
  waiting: { shape: 'ring', tone: 'muted' },
  failed: { shape: 'cross', tone: 'stopped' },
};

export interface Step {
  key: string;
  state: StepState;
  title: ReactNode;
  /** Who acts, how far it is, what to do. */
  detail?: ReactNode;
  /** When it happened, at the end of the line. */
  time?: ReactNode;
}

/** A numbered course of events. `stateLabels` are the words that screen readers get in place of the shapes. */
export function Steps({ steps, stateLabels }: { steps: readonly Step[]; stateLabels: Record<StepState, string> }) {
  return (
    <ol className="divide-y divide-line border-line border-y">
      {steps.map((step, index) => (
        <li
          key={step.key}
          aria-current={step.state === 'now' ? 'step' : undefined}
          className="flex flex-wrap items-start gap-x-3 gap-y-1 py-2"
        >
          <span className="w-4 text-right text-muted">{index + 1}</span>
          <StatusIcon shape={SHAPES[step.state].shape} className={`mt-0.5 ${TONE_TEXT[SHAPES[step.state].tone]}`} />
          <span className="sr-only">{stateLabels[step.state]}</span>
          <div className="min-w-48 flex-1">
            <p className={step.state === 'waiting' ? 'text-muted' : 'font-medium'}>{step.title}</p>
            {step.detail ? <div className="text-meta text-muted">{step.detail}</div> : null}
          </div>
          {step.time ? <div className="text-meta text-muted">{step.time}</div> : null}
        </li>
      ))}
    </ol>
  );
}
