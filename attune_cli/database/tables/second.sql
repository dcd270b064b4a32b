-- The second generation: one row of runtime for actions and sensors alike, and its versions beside it.

-- type worker_role_enum
CREATE TYPE :"schema".worker_role_enum AS ENUM ('action', 'sensor', 'hybrid');

-- table runtime
CREATE TABLE :"schema".runtime (
    id bigserial PRIMARY KEY,
    ref text NOT NULL UNIQUE,
    pack bigint REFERENCES :"schema".pack (id) ON DELETE CASCADE,
    pack_ref text,
    description text,
    name text NOT NULL,
    aliases text[] NOT NULL DEFAULT '{}',
    distributions jsonb NOT NULL,
    installation jsonb,
    installers jsonb NOT NULL DEFAULT '[]',
    execution_config jsonb NOT NULL DEFAULT '{}',
    auto_detected boolean NOT NULL DEFAULT false,
    detection_config jsonb NOT NULL DEFAULT '{}',
    created timestamptz NOT NULL DEFAULT now(),
    updated timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT runtime_ref_lowercase CHECK (ref = lower(ref))
);
CREATE TRIGGER runtime_set_updated BEFORE UPDATE ON :"schema".runtime
    FOR EACH ROW EXECUTE FUNCTION :"schema".set_updated();

-- table runtime_version
CREATE TABLE :"schema".runtime_version (
    id bigserial PRIMARY KEY,
    runtime bigint NOT NULL REFERENCES :"schema".runtime (id) ON DELETE CASCADE,
    runtime_ref text NOT NULL,
    version text NOT NULL,
    version_major integer,
    version_minor integer,
    version_patch integer,
    execution_config jsonb NOT NULL DEFAULT '{}',
    distributions jsonb NOT NULL DEFAULT '{}',
    is_default boolean NOT NULL DEFAULT false,
    available boolean NOT NULL DEFAULT true,
    verified_at timestamptz,
    meta jsonb NOT NULL DEFAULT '{}',
    created timestamptz NOT NULL DEFAULT now(),
    updated timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT runtime_version_key UNIQUE (runtime, version)
);
CREATE TRIGGER runtime_version_set_updated BEFORE UPDATE ON :"schema".runtime_version
    FOR EACH ROW EXECUTE FUNCTION :"schema".set_updated();

-- table worker
CREATE TABLE :"schema".worker (
    id bigserial PRIMARY KEY,
    name text NOT NULL UNIQUE,
    worker_type :"schema".worker_type_enum NOT NULL,
    worker_role :"schema".worker_role_enum NOT NULL,
    runtime bigint,
    host text,
    port integer,
    status :"schema".worker_status_enum DEFAULT 'inactive',
    capabilities jsonb,
    meta jsonb,
    last_heartbeat timestamptz,
    created timestamptz NOT NULL DEFAULT now(),
    updated timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER worker_set_updated BEFORE UPDATE ON :"schema".worker
    FOR EACH ROW EXECUTE FUNCTION :"schema".set_updated();
