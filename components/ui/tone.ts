/** What a colour says; a word and a shape always say it too. */
export type Tone = 'neutral' | 'muted' | 'accent' | 'active' | 'progress' | 'good' | 'late' | 'stopped';

export const TONE_TEXT: Record<Tone, string> = {
  neutral: 'text-text',
  muted: 'text-muted',
  accent: 'text-accent',
  active: 'text-active',
  progress: 'text-progress',
  good: 'text-good',
  late: 'text-late',
  stopped: 'text-stopped',
};
