-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "app_user" (
    "id" UUID NOT NULL,
    "entra_tenant_id" UUID NOT NULL,
    "entra_object_id" UUID NOT NULL,
    "display_name" TEXT NOT NULL,
    "user_name" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'active',
    "sees_all_customers" BOOLEAN NOT NULL DEFAULT false,
    "locale" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "last_sign_in_at" TIMESTAMPTZ(3),

    CONSTRAINT "app_user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "user_role" (
    "user_id" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "granted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "user_role_pkey" PRIMARY KEY ("user_id","role")
);

-- CreateTable
CREATE TABLE "session" (
    "token_hash" TEXT NOT NULL,
    "user_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "session_pkey" PRIMARY KEY ("token_hash")
);

-- CreateTable
CREATE TABLE "setup_code" (
    "id" SMALLINT NOT NULL DEFAULT 1,
    "code_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "used_at" TIMESTAMPTZ(3),
    "used_by" UUID,

    CONSTRAINT "setup_code_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "partner" (
    "id" SMALLINT NOT NULL DEFAULT 1,
    "display_name" TEXT NOT NULL,
    "phone" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "partner_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "registration" (
    "id" UUID NOT NULL,
    "tier" TEXT NOT NULL,
    "client_id" UUID NOT NULL,
    "display_name" TEXT NOT NULL,
    "required_roles" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "registration_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "credential" (
    "id" UUID NOT NULL,
    "registration_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "hint" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "credential_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sealed_value" (
    "credential_id" UUID NOT NULL,
    "kid" TEXT NOT NULL,
    "jwe" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "sealed_value_pkey" PRIMARY KEY ("credential_id")
);

-- CreateTable
CREATE TABLE "customer" (
    "id" UUID NOT NULL,
    "display_name" TEXT NOT NULL,
    "created_by" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "customer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tenant" (
    "id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "entra_tenant_id" UUID NOT NULL,
    "domain" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "tenant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "customer_assignment" (
    "user_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "assigned_by" UUID,
    "assigned_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "customer_assignment_pkey" PRIMARY KEY ("user_id","customer_id")
);

-- CreateTable
CREATE TABLE "connection" (
    "tenant_id" UUID NOT NULL,
    "registration_id" UUID NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'invited',
    "granted_roles" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "service_principal_id" TEXT,
    "consented_at" TIMESTAMPTZ(3),
    "proof_started_at" TIMESTAMPTZ(3),
    "proof_deadline_at" TIMESTAMPTZ(3),
    "proof_due_at" TIMESTAMPTZ(3),
    "proof_attempts" INTEGER NOT NULL DEFAULT 0,
    "probed_at" TIMESTAMPTZ(3),
    "verified_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "cause_code" TEXT,
    "cause_detail" TEXT,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "connection_pkey" PRIMARY KEY ("tenant_id","registration_id")
);

-- CreateTable
CREATE TABLE "invitation" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "registration_id" UUID NOT NULL,
    "token_hash" TEXT NOT NULL,
    "locale" TEXT NOT NULL,
    "created_by" UUID,
    "created_by_name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "continued_at" TIMESTAMPTZ(3),
    "declined_at" TIMESTAMPTZ(3),
    "used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "invitation_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "consent_transaction" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "invitation_id" UUID NOT NULL,
    "state_hash" TEXT NOT NULL,
    "cookie_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "claimed_at" TIMESTAMPTZ(3),
    "outcome" TEXT,
    "outcome_detail" TEXT,

    CONSTRAINT "consent_transaction_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "incident" (
    "tenant_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "provider" TEXT NOT NULL DEFAULT 'graph',
    "title" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "severity_rank" SMALLINT NOT NULL,
    "status" TEXT NOT NULL,
    "is_open" BOOLEAN NOT NULL,
    "assigned_to" TEXT,
    "classification" TEXT,
    "determination" TEXT,
    "custom_tags" TEXT[],
    "system_tags" TEXT[],
    "service_sources" TEXT[],
    "categories" TEXT[],
    "mitre_techniques" TEXT[],
    "description" TEXT,
    "summary" TEXT,
    "resolving_comment" TEXT,
    "last_modified_by" TEXT,
    "priority_score" INTEGER,
    "redirect_incident_id" TEXT,
    "web_url" TEXT,
    "comments" JSONB NOT NULL DEFAULT '[]',
    "alert_count" INTEGER NOT NULL DEFAULT 0,
    "alerts_state" TEXT NOT NULL DEFAULT 'pending',
    "alerts_failure" TEXT,
    "created_text" TEXT NOT NULL,
    "created_ticks" BIGINT NOT NULL,
    "last_update_text" TEXT NOT NULL,
    "last_update_ticks" BIGINT NOT NULL,
    "content_hash" TEXT NOT NULL,
    "arrived_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "read_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "incident_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "incident_raw" (
    "tenant_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "raw" TEXT NOT NULL,

    CONSTRAINT "incident_raw_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "alert" (
    "tenant_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "incident_id" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "severity_rank" SMALLINT NOT NULL,
    "status" TEXT NOT NULL,
    "classification" TEXT,
    "determination" TEXT,
    "category" TEXT,
    "service_source" TEXT,
    "detection_source" TEXT,
    "product_name" TEXT,
    "assigned_to" TEXT,
    "description" TEXT,
    "recommended_actions" TEXT,
    "threat_display_name" TEXT,
    "actor_display_name" TEXT,
    "investigation_state" TEXT,
    "mitre_techniques" TEXT[],
    "web_url" TEXT,
    "created_text" TEXT,
    "created_ticks" BIGINT,
    "last_update_text" TEXT,
    "last_update_ticks" BIGINT,
    "first_activity_text" TEXT,
    "last_activity_text" TEXT,
    "resolved_text" TEXT,
    "raw" TEXT NOT NULL,

    CONSTRAINT "alert_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "evidence" (
    "tenant_id" UUID NOT NULL,
    "alert_id" TEXT NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "verdict" TEXT,
    "remediation_status" TEXT,
    "roles" TEXT[],
    "label" TEXT,
    "created_text" TEXT,
    "fields" JSONB NOT NULL,

    CONSTRAINT "evidence_pkey" PRIMARY KEY ("tenant_id","alert_id","ordinal")
);

-- CreateTable
CREATE TABLE "sync_state" (
    "tenant_id" UUID NOT NULL,
    "stream" TEXT NOT NULL,
    "fencing_token" BIGINT NOT NULL DEFAULT 0,
    "cursor_text" TEXT,
    "cursor_ticks" BIGINT,
    "newest_change_ticks" BIGINT,
    "history_complete" BOOLEAN NOT NULL DEFAULT false,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "cause_code" TEXT,
    "cause_detail" TEXT,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "attempt_started_at" TIMESTAMPTZ(3),
    "attempt_ended_at" TIMESTAMPTZ(3),
    "last_complete_at" TIMESTAMPTZ(3),
    "due_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "sync_state_pkey" PRIMARY KEY ("tenant_id","stream")
);

-- CreateTable
CREATE TABLE "quarantine" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "stream" TEXT NOT NULL,
    "record_id" TEXT,
    "reason" TEXT NOT NULL,
    "raw" TEXT NOT NULL,
    "raw_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "quarantine_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "request" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "tenant_id" UUID,
    "requested_by" UUID,
    "payload" JSONB NOT NULL DEFAULT '{}',
    "state" TEXT NOT NULL DEFAULT 'open',
    "answer" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "request_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_event" (
    "id" UUID NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "actor_kind" TEXT NOT NULL,
    "actor_entra_tenant_id" UUID,
    "actor_object_id" UUID,
    "actor_name" TEXT,
    "tenant_id" UUID,
    "action" TEXT NOT NULL,
    "target" TEXT,
    "result" TEXT NOT NULL,
    "reason" TEXT,
    "address" TEXT,
    "request_id" TEXT,

    CONSTRAINT "audit_event_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "app_user_entra_tenant_id_entra_object_id_key" ON "app_user"("entra_tenant_id", "entra_object_id");

-- CreateIndex
CREATE INDEX "session_user_id_idx" ON "session"("user_id");

-- CreateIndex
CREATE INDEX "session_expires_at_idx" ON "session"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "registration_tier_key" ON "registration"("tier");

-- CreateIndex
CREATE UNIQUE INDEX "registration_client_id_key" ON "registration"("client_id");

-- CreateIndex
CREATE UNIQUE INDEX "credential_registration_id_version_key" ON "credential"("registration_id", "version");

-- CreateIndex
CREATE UNIQUE INDEX "tenant_slug_key" ON "tenant"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "tenant_entra_tenant_id_key" ON "tenant"("entra_tenant_id");

-- CreateIndex
CREATE INDEX "tenant_customer_id_idx" ON "tenant"("customer_id");

-- CreateIndex
CREATE INDEX "customer_assignment_customer_id_idx" ON "customer_assignment"("customer_id");

-- CreateIndex
CREATE INDEX "connection_proof_due_at_idx" ON "connection"("proof_due_at");

-- CreateIndex
CREATE UNIQUE INDEX "invitation_token_hash_key" ON "invitation"("token_hash");

-- CreateIndex
CREATE UNIQUE INDEX "consent_transaction_state_hash_key" ON "consent_transaction"("state_hash");

-- CreateIndex
CREATE UNIQUE INDEX "consent_transaction_cookie_hash_key" ON "consent_transaction"("cookie_hash");

-- CreateIndex
CREATE INDEX "consent_transaction_tenant_id_invitation_id_idx" ON "consent_transaction"("tenant_id", "invitation_id");

-- CreateIndex
CREATE INDEX "incident_tenant_arrival" ON "incident"("tenant_id", "arrived_at" DESC, "seq" DESC);

-- CreateIndex
CREATE INDEX "incident_arrival" ON "incident"("arrived_at" DESC, "seq" DESC);

-- CreateIndex
CREATE INDEX "alert_incident_id_tenant_id_idx" ON "alert"("incident_id", "tenant_id");

-- CreateIndex
CREATE INDEX "sync_state_due_at_idx" ON "sync_state"("due_at");

-- CreateIndex
CREATE UNIQUE INDEX "quarantine_tenant_id_stream_raw_hash_key" ON "quarantine"("tenant_id", "stream", "raw_hash");

-- CreateIndex
CREATE INDEX "request_state_created_at_idx" ON "request"("state", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "audit_event_seq_key" ON "audit_event"("seq");

-- CreateIndex
CREATE INDEX "audit_event_at_idx" ON "audit_event"("at" DESC);

-- AddForeignKey
ALTER TABLE "user_role" ADD CONSTRAINT "user_role_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "app_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "app_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "credential" ADD CONSTRAINT "credential_registration_id_fkey" FOREIGN KEY ("registration_id") REFERENCES "registration"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sealed_value" ADD CONSTRAINT "sealed_value_credential_id_fkey" FOREIGN KEY ("credential_id") REFERENCES "credential"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tenant" ADD CONSTRAINT "tenant_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "customer_assignment" ADD CONSTRAINT "customer_assignment_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "app_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "customer_assignment" ADD CONSTRAINT "customer_assignment_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connection" ADD CONSTRAINT "connection_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connection" ADD CONSTRAINT "connection_registration_id_fkey" FOREIGN KEY ("registration_id") REFERENCES "registration"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_registration_id_fkey" FOREIGN KEY ("registration_id") REFERENCES "registration"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "consent_transaction" ADD CONSTRAINT "consent_transaction_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "consent_transaction" ADD CONSTRAINT "consent_transaction_tenant_id_invitation_id_fkey" FOREIGN KEY ("tenant_id", "invitation_id") REFERENCES "invitation"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "incident" ADD CONSTRAINT "incident_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "incident_raw" ADD CONSTRAINT "incident_raw_tenant_id_id_fkey" FOREIGN KEY ("tenant_id", "id") REFERENCES "incident"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alert" ADD CONSTRAINT "alert_tenant_id_incident_id_fkey" FOREIGN KEY ("tenant_id", "incident_id") REFERENCES "incident"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evidence" ADD CONSTRAINT "evidence_tenant_id_alert_id_fkey" FOREIGN KEY ("tenant_id", "alert_id") REFERENCES "alert"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sync_state" ADD CONSTRAINT "sync_state_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "quarantine" ADD CONSTRAINT "quarantine_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;



-- Values that only the product writes.
ALTER TABLE "app_user" ADD CONSTRAINT "app_user_status" CHECK ("status" IN ('active', 'disabled'));
ALTER TABLE "user_role" ADD CONSTRAINT "user_role_role"
  CHECK ("role" IN ('analyst', 'account_manager', 'administrator', 'auditor'));
ALTER TABLE "setup_code" ADD CONSTRAINT "setup_code_single" CHECK ("id" = 1);
ALTER TABLE "partner" ADD CONSTRAINT "partner_single" CHECK ("id" = 1);
ALTER TABLE "registration" ADD CONSTRAINT "registration_tier" CHECK ("tier" IN ('read', 'respond', 'hunt'));
ALTER TABLE "credential" ADD CONSTRAINT "credential_kind" CHECK ("kind" IN ('secret', 'certificate'));
ALTER TABLE "connection" ADD CONSTRAINT "connection_state"
  CHECK ("state" IN ('invited', 'consented', 'verified', 'degraded', 'revoked', 'offboarded'));
ALTER TABLE "incident" ADD CONSTRAINT "incident_alerts_state"
  CHECK ("alerts_state" IN ('complete', 'pending', 'failed'));
ALTER TABLE "sync_state" ADD CONSTRAINT "sync_state_state" CHECK ("state" IN ('waiting', 'running', 'complete', 'failing'));
ALTER TABLE "request" ADD CONSTRAINT "request_state" CHECK ("state" IN ('open', 'done', 'failed'));
ALTER TABLE "audit_event" ADD CONSTRAINT "audit_event_actor_kind" CHECK ("actor_kind" IN ('user', 'visitor', 'worker', 'operator'));
ALTER TABLE "audit_event" ADD CONSTRAINT "audit_event_result" CHECK ("result" IN ('ok', 'refused', 'failed'));

-- The queue's default view.
CREATE INDEX "incident_open_arrival" ON "incident" ("arrived_at" DESC, "seq" DESC) WHERE "is_open";
CREATE INDEX "incident_tenant_open_arrival" ON "incident" ("tenant_id", "arrived_at" DESC, "seq" DESC) WHERE "is_open";

-- Groups without login; a set-up command makes logins and puts them in. watchfold_definer owns the few functions that
-- look across tenants, and nobody inherits from it.
DO $$
DECLARE
  group_name text;
BEGIN
  FOREACH group_name IN ARRAY ARRAY['watchfold_web', 'watchfold_worker', 'watchfold_definer'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = group_name) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN', group_name);
    END IF;
  END LOOP;
  IF NOT pg_has_role(current_user, 'watchfold_definer', 'SET') THEN
    EXECUTE format('GRANT watchfold_definer TO %I WITH INHERIT FALSE, SET TRUE', current_user);
  END IF;
END
$$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO watchfold_web, watchfold_worker, watchfold_definer;

-- The job queue's own schema: the worker's, none of web's.
CREATE SCHEMA IF NOT EXISTS pgboss;
GRANT USAGE, CREATE ON SCHEMA pgboss TO watchfold_worker;

GRANT SELECT, INSERT, UPDATE ON "app_user" TO watchfold_web;
GRANT SELECT, INSERT, DELETE ON "user_role" TO watchfold_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON "session" TO watchfold_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON "setup_code" TO watchfold_web;
GRANT SELECT, INSERT, UPDATE ON "partner" TO watchfold_web;
GRANT SELECT, INSERT, UPDATE ("display_name") ON "registration" TO watchfold_web;
GRANT SELECT, INSERT ON "credential" TO watchfold_web;
GRANT INSERT ON "sealed_value" TO watchfold_web;
GRANT SELECT, INSERT ON "customer", "tenant" TO watchfold_web;
GRANT SELECT, INSERT, DELETE ON "customer_assignment" TO watchfold_web;
-- What was granted and proved is the worker's to say; whose a row is, nobody changes.
GRANT SELECT, INSERT, UPDATE ("state", "consented_at", "proof_due_at", "proof_started_at", "proof_attempts",
  "updated_at") ON "connection" TO watchfold_web;
GRANT SELECT, INSERT, UPDATE ("continued_at", "declined_at", "revoked_at") ON "invitation" TO watchfold_web;
GRANT SELECT, INSERT, UPDATE ("claimed_at", "outcome", "outcome_detail") ON "consent_transaction" TO watchfold_web;
GRANT SELECT ON "incident", "incident_raw", "alert", "evidence", "sync_state", "quarantine" TO watchfold_web;
GRANT SELECT, INSERT ON "request" TO watchfold_web;
-- When and in which order is the database's to say.
GRANT SELECT, INSERT ("id", "actor_kind", "actor_entra_tenant_id", "actor_object_id", "actor_name", "tenant_id", "action",
  "target", "result", "reason", "address", "request_id") ON "audit_event" TO watchfold_web;
GRANT USAGE ON SEQUENCE "audit_event_seq_seq" TO watchfold_web, watchfold_worker;

GRANT SELECT ON "registration", "credential", "sealed_value", "customer", "tenant" TO watchfold_worker;
GRANT SELECT, UPDATE ON "connection", "invitation", "request" TO watchfold_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON "incident", "incident_raw", "alert", "evidence", "sync_state", "quarantine"
  TO watchfold_worker;
GRANT INSERT ("id", "actor_kind", "tenant_id", "action", "target", "result", "reason", "actor_entra_tenant_id",
  "actor_object_id", "actor_name", "address", "request_id") ON "audit_event" TO watchfold_worker;
GRANT USAGE ON SEQUENCE "incident_seq_seq" TO watchfold_worker;

GRANT SELECT ON "app_user", "user_role", "customer_assignment", "tenant", "invitation", "consent_transaction",
  "connection", "sync_state" TO watchfold_definer;

-- Who asks: set for one transaction by the data layer; absent means nobody, and nobody sees nothing.
CREATE FUNCTION app_context(name text) RETURNS text LANGUAGE sql STABLE
  AS $$ SELECT nullif(current_setting('app.' || name, true), '') $$;
CREATE FUNCTION app_actor_id() RETURNS uuid LANGUAGE sql STABLE
  AS $$ SELECT public.app_context('actor_id')::uuid $$;
CREATE FUNCTION app_worker_tenant_id() RETURNS uuid LANGUAGE sql STABLE
  AS $$ SELECT public.app_context('tenant_id')::uuid $$;

CREATE FUNCTION app_actor_has_role(wanted text[]) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM public.app_user u JOIN public.user_role r ON r.user_id = u.id
    WHERE u.id = public.app_actor_id() AND u.status = 'active' AND r.role = ANY (wanted))
$$;
CREATE FUNCTION app_reads_every_incident() RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM public.app_user u JOIN public.user_role r ON r.user_id = u.id AND r.role = 'analyst'
    WHERE u.id = public.app_actor_id() AND u.status = 'active' AND u.sees_all_customers)
$$;
CREATE FUNCTION app_assigned_customer_ids() RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(array_agg(a.customer_id), '{}')
  FROM public.customer_assignment a
  WHERE a.user_id = public.app_actor_id() AND public.app_actor_has_role('{analyst}')
$$;
CREATE FUNCTION app_assigned_tenant_ids() RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(array_agg(t.id), '{}')
  FROM public.tenant t WHERE t.customer_id = ANY ((SELECT public.app_assigned_customer_ids())::uuid[])
$$;
-- A visitor without an account holds one tenant's invitation, consent state or flow cookie, and by it that tenant alone.
CREATE FUNCTION app_capability_tenant_id() RETURNS uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT tenant_id FROM public.invitation WHERE token_hash = public.app_context('invitation_hash')
  UNION ALL
  SELECT tenant_id FROM public.consent_transaction WHERE state_hash = public.app_context('consent_state_hash')
  UNION ALL
  SELECT tenant_id FROM public.consent_transaction WHERE cookie_hash = public.app_context('consent_cookie_hash')
  LIMIT 1
$$;
CREATE FUNCTION app_capability_customer_id() RETURNS uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT customer_id FROM public.tenant WHERE id = public.app_capability_tenant_id()
$$;
-- The worker's one look across tenants: which of them have work now. Names and ids only.
CREATE FUNCTION worker_due(most integer)
  RETURNS TABLE (work text, tenant_id uuid, registration_id uuid, stream text, due_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  (SELECT 'prove', c.tenant_id, c.registration_id, NULL, c.proof_due_at
   FROM public.connection c WHERE c.proof_due_at <= clock_timestamp() ORDER BY c.proof_due_at LIMIT most)
  UNION ALL
  (SELECT 'sync', s.tenant_id, NULL, s.stream, s.due_at
   FROM public.sync_state s WHERE s.due_at <= clock_timestamp() ORDER BY s.due_at LIMIT most)
$$;

GRANT CREATE ON SCHEMA public TO watchfold_definer;
ALTER FUNCTION app_actor_has_role(text[]) OWNER TO watchfold_definer;
ALTER FUNCTION app_reads_every_incident() OWNER TO watchfold_definer;
ALTER FUNCTION app_assigned_customer_ids() OWNER TO watchfold_definer;
ALTER FUNCTION app_assigned_tenant_ids() OWNER TO watchfold_definer;
ALTER FUNCTION app_capability_tenant_id() OWNER TO watchfold_definer;
ALTER FUNCTION app_capability_customer_id() OWNER TO watchfold_definer;
ALTER FUNCTION worker_due(integer) OWNER TO watchfold_definer;
REVOKE CREATE ON SCHEMA public FROM watchfold_definer;

SET ROLE watchfold_definer;
REVOKE EXECUTE ON FUNCTION app_actor_has_role(text[]), app_reads_every_incident(), app_assigned_customer_ids(),
  app_assigned_tenant_ids(), app_capability_tenant_id(), app_capability_customer_id(), worker_due(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app_actor_has_role(text[]), app_reads_every_incident(), app_assigned_customer_ids(),
  app_assigned_tenant_ids(), app_capability_tenant_id(), app_capability_customer_id() TO watchfold_web;
GRANT EXECUTE ON FUNCTION worker_due(integer) TO watchfold_worker;
RESET ROLE;

-- Forced: the owner of the tables is bound too.
DO $$
DECLARE
  table_name text;
BEGIN
  FOREACH table_name IN ARRAY ARRAY['customer', 'tenant', 'customer_assignment', 'connection', 'invitation',
    'consent_transaction', 'incident', 'incident_raw', 'alert', 'evidence', 'sync_state', 'quarantine', 'request',
    'audit_event'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', table_name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', table_name);
  END LOOP;
  FOREACH table_name IN ARRAY ARRAY['customer_assignment', 'tenant', 'invitation', 'consent_transaction', 'connection',
    'sync_state'] LOOP
    EXECUTE format('CREATE POLICY definer_reads ON %I FOR SELECT TO watchfold_definer USING (true)', table_name);
  END LOOP;
  -- Incident content: analysts with the customer, nobody else.
  FOREACH table_name IN ARRAY ARRAY['incident', 'incident_raw', 'alert', 'evidence'] LOOP
    EXECUTE format($policy$
      CREATE POLICY web_reads ON %I FOR SELECT TO watchfold_web USING (
        (SELECT public.app_reads_every_incident())
        OR tenant_id = ANY ((SELECT public.app_assigned_tenant_ids())::uuid[]))$policy$, table_name);
  END LOOP;
  FOREACH table_name IN ARRAY ARRAY['connection', 'invitation', 'incident', 'incident_raw', 'alert', 'evidence',
    'sync_state', 'quarantine'] LOOP
    EXECUTE format($policy$
      CREATE POLICY worker_one_tenant ON %I FOR ALL TO watchfold_worker
      USING (tenant_id = (SELECT public.app_worker_tenant_id()))
      WITH CHECK (tenant_id = (SELECT public.app_worker_tenant_id()))$policy$, table_name);
  END LOOP;
END
$$;

CREATE POLICY web_reads ON "customer" FOR SELECT TO watchfold_web USING (
  (SELECT app_actor_has_role('{account_manager,administrator,auditor}')) OR (SELECT app_reads_every_incident())
  OR id = ANY ((SELECT app_assigned_customer_ids())::uuid[]) OR id = (SELECT app_capability_customer_id()));
CREATE POLICY web_adds ON "customer" FOR INSERT TO watchfold_web
  WITH CHECK ((SELECT app_actor_has_role('{account_manager,administrator}')));
CREATE POLICY worker_reads ON "customer" FOR SELECT TO watchfold_worker
  USING (EXISTS (SELECT FROM "tenant" t WHERE t.customer_id = "customer".id AND t.id = (SELECT app_worker_tenant_id())));

CREATE POLICY web_reads ON "tenant" FOR SELECT TO watchfold_web USING (
  (SELECT app_actor_has_role('{account_manager,administrator,auditor}')) OR (SELECT app_reads_every_incident())
  OR id = ANY ((SELECT app_assigned_tenant_ids())::uuid[]) OR id = (SELECT app_capability_tenant_id()));
CREATE POLICY web_adds ON "tenant" FOR INSERT TO watchfold_web
  WITH CHECK ((SELECT app_actor_has_role('{account_manager,administrator}')));
CREATE POLICY worker_one_tenant ON "tenant" FOR SELECT TO watchfold_worker
  USING (id = (SELECT app_worker_tenant_id()));

CREATE POLICY web_reads ON "customer_assignment" FOR SELECT TO watchfold_web USING (
  user_id = (SELECT app_actor_id()) OR (SELECT app_actor_has_role('{account_manager,administrator,auditor}')));
CREATE POLICY web_adds ON "customer_assignment" FOR INSERT TO watchfold_web
  WITH CHECK ((SELECT app_actor_has_role('{administrator}')));
CREATE POLICY web_removes ON "customer_assignment" FOR DELETE TO watchfold_web
  USING ((SELECT app_actor_has_role('{administrator}')));

CREATE POLICY web_reads ON "connection" FOR SELECT TO watchfold_web USING (
  (SELECT app_actor_has_role('{account_manager,administrator,auditor}')) OR (SELECT app_reads_every_incident())
  OR tenant_id = ANY ((SELECT app_assigned_tenant_ids())::uuid[]) OR tenant_id = (SELECT app_capability_tenant_id()));
CREATE POLICY web_adds ON "connection" FOR INSERT TO watchfold_web
  WITH CHECK ((SELECT app_actor_has_role('{account_manager,administrator}')));
CREATE POLICY web_changes ON "connection" FOR UPDATE TO watchfold_web USING (
  (SELECT app_actor_has_role('{account_manager,administrator}')) OR tenant_id = (SELECT app_capability_tenant_id()));

CREATE POLICY web_reads ON "invitation" FOR SELECT TO watchfold_web USING (
  (SELECT app_actor_has_role('{account_manager,administrator,auditor}'))
  OR tenant_id = (SELECT app_capability_tenant_id()));
CREATE POLICY web_adds ON "invitation" FOR INSERT TO watchfold_web
  WITH CHECK ((SELECT app_actor_has_role('{account_manager,administrator}')));
CREATE POLICY web_changes ON "invitation" FOR UPDATE TO watchfold_web USING (
  (SELECT app_actor_has_role('{account_manager,administrator}')) OR tenant_id = (SELECT app_capability_tenant_id()));

CREATE POLICY web_reads ON "consent_transaction" FOR SELECT TO watchfold_web USING (
  (SELECT app_actor_has_role('{account_manager,administrator,auditor}'))
  OR tenant_id = (SELECT app_capability_tenant_id()));
CREATE POLICY web_adds ON "consent_transaction" FOR INSERT TO watchfold_web
  WITH CHECK (tenant_id = (SELECT app_capability_tenant_id()));
CREATE POLICY web_changes ON "consent_transaction" FOR UPDATE TO watchfold_web
  USING (tenant_id = (SELECT app_capability_tenant_id()));

-- Freshness is for everybody who sees the customer; it holds no incident content.
CREATE POLICY web_reads ON "sync_state" FOR SELECT TO watchfold_web USING (
  (SELECT app_actor_has_role('{account_manager,administrator,auditor}')) OR (SELECT app_reads_every_incident())
  OR tenant_id = ANY ((SELECT app_assigned_tenant_ids())::uuid[]) OR tenant_id = (SELECT app_capability_tenant_id()));
CREATE POLICY web_reads ON "quarantine" FOR SELECT TO watchfold_web
  USING ((SELECT app_actor_has_role('{administrator}')));

-- A request may come before there is a tenant, so the worker sees them all; web sees its user's own.
CREATE POLICY web_reads ON "request" FOR SELECT TO watchfold_web USING (requested_by = (SELECT app_actor_id()));
CREATE POLICY web_adds ON "request" FOR INSERT TO watchfold_web WITH CHECK (requested_by = (SELECT app_actor_id()));
CREATE POLICY worker_all ON "request" FOR ALL TO watchfold_worker USING (true) WITH CHECK (true);

CREATE POLICY web_reads ON "audit_event" FOR SELECT TO watchfold_web
  USING ((SELECT app_actor_has_role('{administrator,auditor}')));
CREATE POLICY web_adds ON "audit_event" FOR INSERT TO watchfold_web WITH CHECK (actor_kind <> 'worker');
CREATE POLICY worker_adds ON "audit_event" FOR INSERT TO watchfold_worker
  WITH CHECK (actor_kind = 'worker' AND (tenant_id IS NULL OR tenant_id = (SELECT app_worker_tenant_id())));

GRANT EXECUTE ON FUNCTION app_context(text), app_actor_id(), app_worker_tenant_id()
  TO watchfold_web, watchfold_worker, watchfold_definer;
