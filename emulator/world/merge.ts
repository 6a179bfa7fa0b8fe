import type { IncidentVersion } from '../state/security-records.ts';
import { incidentUrl, worstSeverity } from './incident-builder.ts';

/** Correlation joins two incidents: the alerts move to the target, the source stays as a signpost. */
export function merge(source: IncidentVersion, target: IncidentVersion, at: string): void {
  const { tenantId, id } = target.incident;
  for (const alert of source.alerts) {
    target.alerts.push({ ...alert, incidentId: id, incidentWebUrl: incidentUrl(tenantId, id), lastUpdateDateTime: at });
  }
  source.alerts = [];
  Object.assign(source.incident, {
    status: 'redirected',
    redirectIncidentId: id,
    lastUpdateDateTime: at,
    lastModifiedBy: 'Microsoft 365 Defender-IncidentCorrelation',
  });
  Object.assign(target.incident, {
    severity: worstSeverity(target.alerts),
    lastUpdateDateTime: at,
    lastModifiedBy: 'Microsoft 365 Defender-IncidentCorrelation',
  });
}
