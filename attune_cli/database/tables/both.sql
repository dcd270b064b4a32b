-- Tables of both generations. Each part is run where what it makes is missing, and never touches what is there.
-- By hand: psql --set schema=attune --single-transaction --file both.sql --file first.sql

-- function set_updated
CREATE FUNCTION :"schema".set_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated := pg_catalog.now();
    RETURN NEW;
END
$$;

-- table pack
CREATE TABLE :"schema".pack (
    id bigserial PRIMARY KEY,
    ref text NOT NULL UNIQUE,
    label text NOT NULL,
    description text,
    version text NOT NULL,
    conf_schema jsonb NOT NULL DEFAULT '{}',
    config jsonb NOT NULL DEFAULT '{}',
    meta jsonb NOT NULL DEFAULT '{}',
    tags text[] NOT NULL DEFAULT '{}',
    runtime_deps text[] NOT NULL DEFAULT '{}',
    is_standard boolean NOT NULL DEFAULT false,
    created timestamptz NOT NULL DEFAULT now(),
    updated timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pack_ref_format CHECK (ref ~ '^[a-z][a-z0-9_-]+$'),
    CONSTRAINT pack_version_semver CHECK (
        version ~ '^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$'
    )
);
CREATE TRIGGER pack_set_updated BEFORE UPDATE ON :"schema".pack
    FOR EACH ROW EXECUTE FUNCTION :"schema".set_updated();

-- table native_binary
CREATE TABLE :"schema".native_binary (
    id bigserial PRIMARY KEY,
    pack_ref text NOT NULL,
    name text NOT NULL,
    platform text NOT NULL,
    version text NOT NULL,
    sha256 text NOT NULL,
    size bigint NOT NULL,
    build_id text,
    toolchain text,
    toolchain_version text,
    source_digest text,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT native_binary_sha256_format CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    CONSTRAINT native_binary_key UNIQUE (pack_ref, name, platform, sha256)
);

-- type worker_type_enum
CREATE TYPE :"schema".worker_type_enum AS ENUM ('local', 'remote', 'container');

-- type worker_status_enum
CREATE TYPE :"schema".worker_status_enum AS ENUM ('active', 'inactive', 'busy', 'error');
