import { databaseState } from '@/lib/operations/health';

/** The process is up; whether its database is, says a field, so that an orchestrator does not restart us for it. */
export async function GET(): Promise<Response> {
  return Response.json({ status: 'ok', database: await databaseState() });
}
