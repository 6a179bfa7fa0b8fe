import { isReady } from '@/lib/operations/health';

/** 503 until the portal can serve pages: connected, migrated. */
export async function GET(): Promise<Response> {
  const ready = await isReady();
  return Response.json({ ready }, { status: ready ? 200 : 503, ...(ready ? {} : { headers: { 'retry-after': '2' } }) });
}
