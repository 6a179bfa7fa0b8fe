/** An incident as the queue shows it. Texts are as Microsoft sent them. */
export interface QueueRow {
  slug: string;
  id: string;
  title: string;
  customerName: string;
  severity: string;
  status: string;
  isOpen: boolean;
  assignedTo: string | null;
  serviceSources: string[];
  mitreTechniques: string[];
  alertCount: number;
  arrivedAt: Date;
  seq: bigint;
}

/** A row of `rowsOf`, in the database's names. */
export interface RowRecord {
  tenant_id: string;
  id: string;
  seq: bigint;
  title: string;
  severity: string;
  status: string;
  is_open: boolean;
  assigned_to: string | null;
  service_sources: string[] | null;
  mitre_techniques: string[] | null;
  alert_count: number;
  arrived_at: Date;
  slug: string;
  customer_name: string;
}

export function rowFrom(record: RowRecord): QueueRow {
  return {
    slug: record.slug,
    id: record.id,
    title: record.title,
    customerName: record.customer_name,
    severity: record.severity,
    status: record.status,
    isOpen: record.is_open,
    assignedTo: record.assigned_to,
    serviceSources: record.service_sources ?? [],
    mitreTechniques: record.mitre_techniques ?? [],
    alertCount: record.alert_count,
    arrivedAt: record.arrived_at,
    seq: record.seq,
  };
}
