/**
 * Wire shapes of Graph's security API, after https://learn.microsoft.com/graph/api/resources/security-incident and
 * security-alert. Tolerant on purpose: unknown members are kept, enums are open strings, and what may be null may also
 * be missing; only what a row can't exist without is demanded.
 */
import { z } from 'zod';

const text = z.string().nullish();
const texts = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);

/** The top of a list's answer. Its elements are judged one by one, so that one bad record does not lose its page. */
export const pageSchema = z.looseObject({
  value: z.array(z.unknown()),
  '@odata.nextLink': z.string().optional(),
});

export const evidenceSchema = z.looseObject({
  '@odata.type': text,
  createdDateTime: text,
  verdict: text,
  remediationStatus: text,
  roles: texts,
});

export const alertSchema = z.looseObject({
  id: z.string().min(1),
  title: text,
  severity: text,
  status: text,
  tenantId: text,
  incidentId: text,
  classification: text,
  determination: text,
  category: text,
  serviceSource: text,
  detectionSource: text,
  productName: text,
  assignedTo: text,
  description: text,
  recommendedActions: text,
  threatDisplayName: text,
  actorDisplayName: text,
  investigationState: text,
  mitreTechniques: texts,
  alertWebUrl: text,
  createdDateTime: text,
  lastUpdateDateTime: text,
  firstActivityDateTime: text,
  lastActivityDateTime: text,
  resolvedDateTime: text,
  evidence: z
    .array(z.unknown())
    .nullish()
    .transform((list) => list ?? []),
});

export const incidentSchema = z.looseObject({
  id: z.string().min(1),
  tenantId: text,
  displayName: text,
  severity: text,
  status: text,
  assignedTo: text,
  classification: text,
  determination: text,
  customTags: texts,
  systemTags: texts,
  description: text,
  summary: text,
  resolvingComment: text,
  lastModifiedBy: text,
  priorityScore: z.number().nullish(),
  redirectIncidentId: text,
  incidentWebUrl: text,
  createdDateTime: z.string(),
  lastUpdateDateTime: z.string(),
  comments: z
    .array(z.unknown())
    .nullish()
    .transform((list) => list ?? []),
  /** Present with `$expand=alerts` only. */
  alerts: z.array(z.unknown()).nullish(),
});

/** Graph's error body (https://learn.microsoft.com/graph/errors). */
export const errorSchema = z.looseObject({
  error: z.looseObject({ code: z.string().nullish(), message: z.string().nullish() }),
});

/** The two members of an OpenID document that name the tenant. */
export const openIdSchema = z.looseObject({ issuer: z.string(), cloud_instance_name: z.string().nullish() });
