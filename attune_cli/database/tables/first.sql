-- The first generation: a row of runtime for actions and one for sensors.

-- type runtime_type_enum
CREATE TYPE :"schema".runtime_type_enum AS ENUM ('action', 'sensor');

-- table runtime
CREATE TABLE :"schema".runtime (
    id bigserial PRIMARY KEY,
    ref text NOT NULL UNIQUE,
    pack bigint REFERENCES :"schema".pack (id) ON DELETE CASCADE,
    pack_ref text,
    description text,
    runtime_type :"schema".runtime_type_enum NOT NULL,
    name text NOT NULL,
    distributions jsonb NOT NULL,
    installation jsonb,
    created timestamptz NOT NULL DEFAULT now(),
    updated timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT runtime_ref_lowercase CHECK (ref = lower(ref)),
    CONSTRAINT runtime_ref_format CHECK (ref ~ '^[^.]+\.(action|sensor)\.[^.]+$')
);
CREATE TRIGGER runtime_set_updated BEFORE UPDATE ON :"schema".runtime
    FOR EACH ROW EXECUTE FUNCTION :"schema".set_updated();

-- table worker
CREATE TABLE :"schema".worker (
    id bigserial PRIMARY KEY,
    name text NOT NULL,
    worker_type :"schema".worker_type_enum NOT NULL,
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
