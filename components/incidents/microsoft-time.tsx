import { EscapedText } from '@/components/ui/escaped-text';
import { TimeText } from '@/components/ui/time-text';

/** A time as Microsoft wrote it, in the page's zone; its own text when it is no time. */
export function MicrosoftTime({ text, relative = true }: { text: string; relative?: boolean }) {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) return <EscapedText text={text} mono />;
  return <TimeText at={ms} precision="second" relative={relative} />;
}
