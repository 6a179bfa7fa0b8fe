import { getFormatter, getTranslations } from 'next-intl/server';
import { freshnessView } from '@/components/incidents/freshness-view';
import type { LiveAnswer } from '@/components/incidents/live-answer';
import { clockText, rowView } from '@/components/incidents/row-view';
import { can } from '@/lib/access/permissions';
import { currentActor } from '@/lib/access/session';
import { webEnv } from '@/lib/env';
import { isAppError } from '@/lib/errors';
import { filterFrom } from '@/lib/incidents/filter';
import { readLiveQueue } from '@/lib/incidents/live-queries';
import { shownRowsFrom } from '@/lib/incidents/shown-rows';

const HEADERS = { 'cache-control': 'private, no-store' };

function refusal(status: number, code: string): Response {
  return Response.json({ code }, { status, headers: HEADERS });
}

async function answer(request: Request): Promise<Response> {
  const actor = await currentActor();
  if (!actor) return refusal(401, 'signed_out');
  if (!can(actor, 'incident.read')) return refusal(404, 'not_found');
  const { searchParams } = new URL(request.url);
  const shown = shownRowsFrom(searchParams.get('rows') ?? '', searchParams.get('floor'));
  searchParams.delete('rows');
  searchParams.delete('floor');
  const params: Record<string, string[]> = {};
  for (const key of new Set(searchParams.keys())) params[key] = searchParams.getAll(key);
  const parsed = filterFrom(params);
  if (!parsed.ok || !shown) return refusal(400, 'not_understood');
  const live = await readLiveQueue(actor, parsed.filter, shown, webEnv().syncIntervalMs);
  if (!live.ok) return refusal(400, 'not_understood');

  const t = await getTranslations('incidents');
  const format = await getFormatter();
  const { asOf } = live.freshness;
  const { count, highCount, capped } = live.arrivals;
  const words = { count: `${format.number(count)}${capped ? '+' : ''}`, high: format.number(highCount) };
  const body: LiveAnswer = {
    freshness: freshnessView(t, format, live.freshness, live.readSoFar),
    arrivals:
      count === 0
        ? null
        : {
            button: highCount > 0 ? t('queue.showNewHigh', words) : t('queue.showNew', words),
            spoken: t(highCount > 0 ? 'queue.spokenNewHigh' : 'queue.spokenNew', { count, high: highCount }),
          },
    rows: live.rows.map((row) => rowView(t, format, row, asOf, row.matches)),
    changed: t('queue.changed', { time: clockText(format, asOf, asOf) }),
  };
  return Response.json(body, { headers: HEADERS });
}

/**
 * What changed since a page of the queue was made, for that page: its filters, `rows` it shows (slug/id, by comma) and
 * `floor`, the cursor where they end. Words are in the reader's language.
 */
export async function GET(request: Request): Promise<Response> {
  try {
    return await answer(request);
  } catch (error) {
    if (isAppError(error, 'unavailable')) return refusal(503, 'unavailable');
    throw error;
  }
}
