const SWITCH = 'watchfold.keys';

/** False when this browser's reader switched single-letter keys off (WCAG 2.2, 2.1.4). */
export function areKeysOn(): boolean {
  return localStorage.getItem(SWITCH) !== 'off';
}

export function switchKeys(on: boolean): void {
  if (on) localStorage.removeItem(SWITCH);
  else localStorage.setItem(SWITCH, 'off');
}

const FIELDS = 'input, textarea, select, [contenteditable], dialog, [popover]';

function isForPage(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
  return !(event.target instanceof Element && event.target.closest(FIELDS));
}

/**
 * Calls the action of a pressed character: by the character, not the key's place, so that every keyboard layout works.
 * Silent in fields, menus, with modifiers and during composition; answers the way to stop.
 */
export function onKeys(actions: Record<string, () => void>): () => void {
  const listen = (event: KeyboardEvent) => {
    const action = Object.hasOwn(actions, event.key) ? actions[event.key] : undefined;
    if (!action || !isForPage(event) || !areKeysOn()) return;
    event.preventDefault();
    action();
  };
  document.addEventListener('keydown', listen);
  return () => document.removeEventListener('keydown', listen);
}
