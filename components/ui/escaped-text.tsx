import { classNames } from './class-names';
import { escapedParts } from './escaped-parts';

/**
 * Text that somebody outside wrote: isolated from the text around it, deceptive characters written out in a frame.
 * `lines` keeps its line breaks; `mono` is for ids, names of files and commands.
 */
export function EscapedText({
  text,
  lines = false,
  mono = false,
  className,
}: {
  text: string;
  lines?: boolean;
  mono?: boolean;
  className?: string;
}) {
  let offset = 0;
  return (
    <bdi
      className={classNames(
        'break-words',
        lines && 'whitespace-pre-wrap',
        mono && 'font-mono text-[0.95em]',
        className,
      )}
    >
      {escapedParts(text, lines).map((part) => {
        const key = offset;
        offset += part.text.length;
        return part.escaped ? (
          <span key={key} className="rounded-control bg-selected px-0.5 font-mono text-stopped">
            {part.text}
          </span>
        ) : (
          part.text
        );
      })}
    </bdi>
  );
}
