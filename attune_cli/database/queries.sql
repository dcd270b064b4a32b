-- Every statement that reads or writes rows. `-- name: NAME` begins one; what stands between them is a comment.
-- {braces} are filled in with qualified names and lists of columns, %(names)s are bound. Nothing relies on the search_path.

-- name: begin
-- Whatever the role's default is: a snapshot that is older than the lock would show rows as they were before it.
BEGIN ISOLATION LEVEL READ COMMITTED

-- name: wait_at_most
SELECT pg_catalog.set_config('lock_timeout', %(lock_timeout)s, true)

-- name: lock
-- One at a time; it is let go when the transaction ends, however it does.
SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(%(lock)s, 0))

-- name: read_runtimes
-- Whole rows as JSON: the same statement serves both generations, and columns that others have added are no matter.
SELECT 'pack', p.ref::text, '', pg_catalog.to_jsonb(p.id)
FROM {pack} AS p WHERE p.ref = ANY (%(packs)s)
UNION ALL
SELECT 'runtime', r.ref::text, '', pg_catalog.to_jsonb(r)
FROM {runtime} AS r WHERE r.ref = ANY (%(refs)s)

-- name: read_versions
UNION ALL
SELECT 'runtime_version', r.ref::text, v.version::text, pg_catalog.to_jsonb(v)
FROM {runtime_version} AS v JOIN {runtime} AS r ON r.id = v.runtime WHERE r.ref = ANY (%(refs)s)

-- name: write_runtimes
-- The types are the table's own. Rows that are right already are left out before an id is drawn for them.
INSERT INTO {runtime} AS r (ref, {columns})
SELECT s.ref, {given}
FROM pg_catalog.jsonb_populate_recordset(NULL::{runtime}, {rows}) AS s
WHERE NOT EXISTS (
    SELECT FROM {runtime} AS r WHERE r.ref = s.ref AND ({present}) IS NOT DISTINCT FROM ({given})
)
ORDER BY s.ref
ON CONFLICT (ref) DO UPDATE SET ({columns}, updated) = ROW ({proposed}, pg_catalog.now())
WHERE ({present}) IS DISTINCT FROM ({proposed})

-- name: written_runtimes
RETURNING 'runtime', r.ref::text, '', pg_catalog.to_jsonb(r)

-- name: write_versions
INSERT INTO {runtime_version} AS r (runtime, version, {columns})
SELECT o.id, s.version, {given}
FROM pg_catalog.jsonb_populate_recordset(NULL::{runtime_version}, {rows}) AS s
JOIN {runtime} AS o ON o.ref = s.runtime_ref
WHERE NOT EXISTS (
    SELECT FROM {runtime_version} AS r
    WHERE r.runtime = o.id AND r.version = s.version AND ({present}) IS NOT DISTINCT FROM ({given})
)
ORDER BY s.runtime_ref, s.version
ON CONFLICT (runtime, version) DO UPDATE SET ({columns}, updated) = ROW ({proposed}, pg_catalog.now())
WHERE ({present}) IS DISTINCT FROM ({proposed})

-- name: written_versions
RETURNING 'runtime_version', r.runtime_ref::text, r.version::text, pg_catalog.to_jsonb(r)

-- name: all_runtimes
-- For people: every row, ours or not.
SELECT 'runtime', r.ref::text, '', pg_catalog.to_jsonb(r) FROM {runtime} AS r

-- name: all_versions
UNION ALL
SELECT 'runtime_version', r.ref::text, v.version::text, pg_catalog.to_jsonb(v)
FROM {runtime_version} AS v JOIN {runtime} AS r ON r.id = v.runtime

-- name: all_packs
UNION ALL
SELECT 'pack', p.ref::text, '', pg_catalog.to_jsonb(p.id) FROM {pack} AS p

-- name: update_worker
-- Of several rows of a name, which the first generation allows, the oldest. What others keep in the capabilities stays.
UPDATE {worker} AS w
SET status = 'active', host = coalesce(w.host, %(host)s), last_heartbeat = pg_catalog.now(), updated = pg_catalog.now(),
    capabilities = CASE pg_catalog.jsonb_typeof(w.capabilities) WHEN 'object' THEN w.capabilities ELSE '{{}}' END
                   || %(capabilities)s
WHERE w.id = (SELECT o.id FROM {worker} AS o WHERE o.name = %(name)s ORDER BY o.id LIMIT 1)
RETURNING w.id, pg_catalog.to_jsonb(w)

-- name: insert_worker
INSERT INTO {worker} AS w (name, worker_type, host, status, capabilities, last_heartbeat)
VALUES (%(name)s, 'local', %(host)s, 'active', %(capabilities)s, pg_catalog.now())
RETURNING w.id, pg_catalog.to_jsonb(w)

-- name: insert_worker_with_role
INSERT INTO {worker} AS w (name, worker_type, worker_role, host, status, capabilities, last_heartbeat)
VALUES (%(name)s, 'local', 'hybrid', %(host)s, 'active', %(capabilities)s, pg_catalog.now())
RETURNING w.id, pg_catalog.to_jsonb(w)

-- name: record_binaries
-- A digest that is known already is history: it keeps its row as it was recorded.
INSERT INTO {native_binary} AS b ({columns})
SELECT {given}
FROM pg_catalog.jsonb_populate_recordset(NULL::{native_binary}, {rows}) AS s
WHERE NOT EXISTS (
    SELECT FROM {native_binary} AS o
    WHERE (o.pack_ref, o.name, o.platform, o.sha256) = (s.pack_ref, s.name, s.platform, s.sha256)
)
ORDER BY s.pack_ref, s.name, s.platform, s.sha256
ON CONFLICT (pack_ref, name, platform, sha256) DO NOTHING
RETURNING b.id, pg_catalog.to_jsonb(b)

-- name: all_binaries
SELECT b.id, pg_catalog.to_jsonb(b) FROM {native_binary} AS b
ORDER BY b.pack_ref, b.name, b.platform, b.recorded_at DESC, b.id DESC


-- name: script_merge_runtimes
-- For scripts: the rows as they should be, given what is there.
SELECT pg_catalog.jsonb_agg(s.seed || pg_catalog.jsonb_build_object('pack', p.id) || coalesce((
    SELECT pg_catalog.jsonb_object_agg(c.name, c.value) FROM pg_catalog.jsonb_each(pg_catalog.to_jsonb(r)) AS c (name, value)
    WHERE kept -> (s.seed ->> 'ref') -> c.name
          ? pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(c.value::text, 'UTF8')), 'hex')
), '{{}}')) INTO wanted
FROM pg_catalog.jsonb_array_elements(seeds -> 'runtime') AS s (seed)
LEFT JOIN {pack} AS p ON p.ref = s.seed ->> 'pack_ref'
LEFT JOIN {runtime} AS r ON r.ref = s.seed ->> 'ref'

-- name: script_merge_versions
SELECT pg_catalog.jsonb_agg(s.seed || coalesce((
    SELECT pg_catalog.jsonb_object_agg(c.name, c.value) FROM pg_catalog.jsonb_each(pg_catalog.to_jsonb(v)) AS c (name, value)
    WHERE kept -> ((s.seed ->> 'runtime_ref') || ' ' || (s.seed ->> 'version')) -> c.name
          ? pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(c.value::text, 'UTF8')), 'hex')
), '{{}}')) INTO wanted
FROM pg_catalog.jsonb_array_elements(seeds -> 'runtime_version') AS s (seed)
LEFT JOIN {runtime} AS r ON r.ref = s.seed ->> 'runtime_ref'
LEFT JOIN {runtime_version} AS v ON v.runtime = r.id AND v.version = s.seed ->> 'version'

-- name: script_edited_runtimes
-- For scripts: what no version of the seeds ever had. A link that is still missing is no edit.
SELECT pg_catalog.string_agg(r.ref || ' (' || c.name || ')', ', ' ORDER BY r.ref, c.name) INTO edited
FROM pg_catalog.jsonb_array_elements(wanted) AS s (seed)
JOIN {runtime} AS r ON r.ref = s.seed ->> 'ref',
pg_catalog.jsonb_each(s.seed) AS c (name, value)
WHERE c.value IS DISTINCT FROM pg_catalog.to_jsonb(r) -> c.name
  AND NOT (c.name = 'pack' AND r.pack IS NULL)
  AND NOT coalesce(past -> r.ref::text -> c.name ? pg_catalog.encode(
      pg_catalog.sha256(pg_catalog.convert_to((pg_catalog.to_jsonb(r) -> c.name)::text, 'UTF8')), 'hex'), false)

-- name: script_edited_versions
SELECT pg_catalog.string_agg(r.ref || ' ' || v.version || ' (' || c.name || ')', ', ' ORDER BY r.ref, v.version, c.name)
    INTO edited
FROM pg_catalog.jsonb_array_elements(wanted) AS s (seed)
JOIN {runtime} AS r ON r.ref = s.seed ->> 'runtime_ref'
JOIN {runtime_version} AS v ON v.runtime = r.id AND v.version = s.seed ->> 'version',
pg_catalog.jsonb_each(s.seed) AS c (name, value)
WHERE c.value IS DISTINCT FROM pg_catalog.to_jsonb(v) -> c.name
  AND NOT coalesce(past -> (r.ref || ' ' || v.version) -> c.name ? pg_catalog.encode(
      pg_catalog.sha256(pg_catalog.convert_to((pg_catalog.to_jsonb(v) -> c.name)::text, 'UTF8')), 'hex'), false)

-- name: script_refuse
IF edited IS NOT NULL THEN
    RAISE EXCEPTION 'edited by hand: %', edited
        USING HINT = 'attune db seed-runtimes --sql --force prints a script that writes over them; nothing has been changed';
END IF
