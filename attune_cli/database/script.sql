-- Runtime rows of generation {generation} in the schema {schema}, by attune {version}.
-- For psql. Safe to run twice, and while others run it; all or nothing.
\set ON_ERROR_STOP on
BEGIN ISOLATION LEVEL READ COMMITTED;
SET LOCAL lock_timeout = {lock_timeout};
DO {quote}
DECLARE
    -- The rows, and digests of other values they may have: those that seeds once had, and those that are kept.
    seeds jsonb := {seeds};
    past jsonb := {past};
    kept jsonb := {kept};
    wanted jsonb;
    edited text;
BEGIN
    -- One at a time; what stands there is looked at only then.
    PERFORM pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended({lock}, 0));
{tables}
END
{quote};
COMMIT;
