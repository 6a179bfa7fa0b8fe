import type { z } from 'zod';
import { isAppError } from '@/lib/errors';
import { log } from '@/lib/log';
import type { Actor } from './actor';
import { can, type Permission } from './permissions';
import { isOwnRequest, isWithinRate } from './request-check';
import { requireActor } from './session';

/** What a form shows after it was sent. `message` is a key of the `errors` messages. */
export interface ActionState {
  ok: boolean;
  message?: string;
  values?: Record<string, string>;
  /** Field names with a problem, each with a key of the `errors` messages. */
  fields?: Record<string, string>;
  /** What was entered, so that a refused form loses nothing. */
  entered?: Record<string, string>;
}

/** What a form's `useActionState` takes. */
export type FormAction = (former: ActionState, form: FormData) => Promise<ActionState>;

/** Room for a few thousand customers ticked at once. */
const FORM_BYTES_MAX = 512 * 1024;

function fieldsOf(form: FormData): Record<string, string | string[]> {
  const fields: Record<string, string | string[]> = {};
  for (const key of new Set(form.keys())) {
    // React's own hidden fields.
    if (key.startsWith('$')) continue;
    const values = form.getAll(key).filter((value) => typeof value === 'string');
    fields[key] = key.endsWith('[]') ? values : (values.at(-1) ?? '');
  }
  return fields;
}

function sizeOf(fields: Record<string, string | string[]>): number {
  return Object.entries(fields).reduce((sum, [key, value]) => sum + key.length + value.toString().length, 0);
}

/**
 * A server action: who, may they, is the form whole, run. Foreseen failures come back as a state to show; others reach
 * the error page. Form fields named `x[]` are lists.
 */
export function defineAction<Shape extends z.ZodType>(
  permission: Permission | null,
  schema: Shape,
  run: (actor: Actor, input: z.infer<Shape>) => Promise<ActionState | undefined>,
): FormAction {
  return async (_former, form) => {
    const actor = await requireActor();
    if (!(await isOwnRequest())) return { ok: false, message: 'forbidden' };
    if (!(await isWithinRate('action', actor.userId))) return { ok: false, message: 'tooMany' };
    if (permission && !can(actor, permission)) return { ok: false, message: 'forbidden' };
    const fields = fieldsOf(form);
    if (sizeOf(fields) > FORM_BYTES_MAX) return { ok: false, message: 'tooLarge' };
    const entered = Object.fromEntries(
      Object.entries(fields).filter(([, value]) => typeof value === 'string'),
    ) as Record<string, string>;
    // PostgreSQL takes no NUL; a browser sends none.
    if (
      Object.values(fields)
        .flat()
        .some((value) => value.includes('\0'))
    )
      return { ok: false, message: 'checkFields' };
    const parsed = schema.safeParse(fields);
    if (!parsed.success) {
      const problems = parsed.error.issues.map((issue) => [String(issue.path[0] ?? ''), issue.message] as const);
      return { ok: false, message: 'checkFields', fields: Object.fromEntries(problems), entered };
    }
    try {
      return (await run(actor, parsed.data)) ?? { ok: true };
    } catch (error) {
      if (!isAppError(error)) throw error;
      log.info({ code: error.code, message: error.message, requestId: actor.requestId }, 'An action was refused');
      return { ok: false, message: error.message, values: error.values, entered };
    }
  };
}
