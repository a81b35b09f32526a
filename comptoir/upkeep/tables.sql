-- migrations: account 0001_initial 0002_email_max_length 0003_alter_emailaddress_create_unique_verified_email 0004_alter_emailaddress_drop_unique_email 0005_emailaddress_idx_upper_email 0006_emailaddress_lower 0007_emailaddress_idx_email 0008_emailaddress_unique_primary_email_fixup 0009_emailaddress_unique_primary_email
-- migrations: auth 0001_initial 0002_alter_permission_name_max_length 0003_alter_user_email_max_length 0004_alter_user_username_opts 0005_alter_user_last_login_null 0006_require_contenttypes_0002 0007_alter_validators_add_error_messages 0008_alter_user_username_max_length 0009_alter_user_last_name_max_length 0010_alter_group_name_max_length 0011_update_proxy_permissions 0012_alter_user_first_name_max_length
-- migrations: contenttypes 0001_initial 0002_remove_content_type_name
-- migrations: inbox 0001_initial 0002_initial 0003_open_with_last_in 0004_remarks 0005_held 0006_writing 0007_standing 0008_sorting 0009_bulk 0010_handing 0011_saved_replies 0012_queues 0013_clusters 0014_on_behalf_of 0015_enclosures 0016_rules 0017_contacts 0018_releases 0019_cases 0020_custom_fields 0021_surveys 0022_sounding 0023_fields_in_bulk 0024_toxic
-- migrations: listening 0001_initial 0002_in_step 0003_sources 0004_exploring 0005_by_day 0006_folds 0007_folds_in_step 0008_alerts 0009_past 0010_removing 0011_rounds 0012_stored 0013_events 0014_late 0015_hub 0016_storms 0017_backtests_of_files
-- migrations: measurement 0001_initial 0002_what_is_due 0003_queues
-- migrations: mfa 0001_initial 0002_authenticator_timestamps 0003_authenticator_type_uniq
-- migrations: networks 0001_initial 0002_titles_warnings_streams 0003_persons 0004_quoted_automatic_returned 0005_edits 0006_moderation 0007_judged 0008_signing 0009_enclosures 0010_paced 0011_index_anew 0012_country 0013_defences 0014_index_anew 0015_corrections 0016_communities 0017_listen_only 0018_holds 0019_counts 0020_language 0021_countries
-- migrations: organisation 0001_initial 0002_cache 0003_audit 0004_people 0005_sessions 0006_reaching 0007_retention 0008_programs 0009_webhooks 0010_teams 0011_shield 0012_hours 0013_terms 0014_duty 0015_channels
-- migrations: procrastinate 0001_initial 0002_drop_started_at_column 0003_drop_started_at_column 0004_drop_procrastinate_version_table 0005_fix_procrastinate_fetch_job 0006_fix_trigger_status_events_insert 0007_add_queueing_lock_column 0008_close_fetch_job_race_condition 0009_add_defer_job_function 0010_add_procrastinate_periodic_defers 0011_add_foreign_key_index 0012_add_locks_to_periodic_defer 0013_fix_procrastinate_defer_periodic_job 0014_add_finish_job_and_retry_job_functions 0015_add_trigger_on_job_deletion 0016_delete_finished_jobs 0017_add_checks_to_finish_job 0018_add_checks_to_retry_job 0019_fix_finish_job_compat_issue 0020_add_index_on_procrastinate_jobs 0021_add_kwargs_to_defer_periodic_job 0022_null_locks_excluded 0023_remove_old_finish_job_function 0024_job_id_bigint 0025_add_models 0026_add_job_priority 0027_add_periodic_job_priority 0028_add_cancel_states 0029_add_additional_params_to_retry_job 0030_alter_procrastinateevent_options 0031_add_indexes_for_fetch_job 0032_pre_cancel_notification 0033_post_cancel_notification 0034_pre_add_heartbeat 0035_post_add_heartbeat 0036_add_worker_model 0037_pre_batch_defer_jobs 0038_post_batch_defer_jobs 0039_pre_priority_lock_fetch_job 0040_pre_retry_failed_job 0041_post_retry_failed_job
-- migrations: publishing 0001_initial 0002_approvals 0003_days 0004_asking 0005_slots 0006_feed 0007_own_page 0008_link_rules 0009_post_import 0010_stock 0011_segments 0012_short_links 0013_found_pieces 0014_likeness 0015_thanks 0016_library 0017_mentionees 0018_evergreen 0019_unkept 0020_videos
-- migrations: socialaccount 0001_initial 0002_token_max_lengths 0003_extra_data_default_dict 0004_app_provider_id_settings 0005_socialtoken_nullable_app 0006_alter_socialaccount_extra_data
-- migrations: upkeep 0001_initial
SET LOCAL check_function_bodies = off;
CREATE TYPE procrastinate_job_event_type AS ENUM (
    'deferred',
    'started',
    'deferred_for_retry',
    'failed',
    'succeeded',
    'cancelled',
    'abort_requested',
    'aborted',
    'scheduled',
    'retried'
);
CREATE TYPE procrastinate_job_status AS ENUM (
    'todo',
    'doing',
    'succeeded',
    'failed',
    'cancelled',
    'aborting',
    'aborted'
);
CREATE TYPE procrastinate_job_to_defer_v1 AS (
	queue_name character varying,
	task_name character varying,
	priority integer,
	lock text,
	queueing_lock text,
	args jsonb,
	scheduled_at timestamp with time zone
);
CREATE FUNCTION audit_is_never_edited() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP <> 'UPDATE' AND coalesce(current_setting('comptoir.purging_audit', true), '') = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the audit log is never edited' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION listening_fold_gone() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ DECLARE heads bigint[]; BEGIN
    DELETE FROM listening_print p USING gone g WHERE p.mention = g.id;
    IF NOT EXISTS (SELECT FROM gone WHERE fold IS NOT NULL) THEN
        RETURN NULL;
    END IF;
    SELECT array_agg(h.id) INTO heads FROM (SELECT DISTINCT fold FROM gone WHERE fold IS NOT NULL AND noise = '') f
        CROSS JOIN LATERAL (SELECT id FROM listening_mention
            WHERE fold = f.fold AND noise = 'repeat' ORDER BY at, id LIMIT 1) h;
    IF heads IS NOT NULL THEN
        PERFORM FROM listening_query WHERE id IN (SELECT query_id FROM gone) ORDER BY id FOR KEY SHARE;
        PERFORM FROM listening_rollup r JOIN (
            SELECT DISTINCT m.query_id, date_trunc('hour', m.at, q.zone) AS hour, network, language, tone, noise
            FROM (SELECT query_id, at, network, language, tone, noise FROM gone
            UNION ALL SELECT query_id, at, network, language, tone, noise FROM listening_mention WHERE id = ANY(heads)
            UNION ALL SELECT query_id, at, network, language, tone, '' FROM listening_mention WHERE id = ANY(heads)) m JOIN listening_query q ON q.id = m.query_id) g
            ON r.query_id = g.query_id AND r.hour = g.hour AND r.network = g.network AND r.language = g.language AND r.tone = g.tone AND r.noise = g.noise ORDER BY r.query_id, r.hour, r.network COLLATE "C", r.language COLLATE "C", r.tone COLLATE "C", r.noise COLLATE "C" FOR UPDATE OF r;
        PERFORM FROM listening_dayrollup r JOIN (
            SELECT DISTINCT m.query_id, (m.at AT TIME ZONE q.zone)::date AS day, network, language, tone, noise
            FROM (SELECT query_id, at, network, language, tone, noise FROM gone
            UNION ALL SELECT query_id, at, network, language, tone, noise FROM listening_mention WHERE id = ANY(heads)
            UNION ALL SELECT query_id, at, network, language, tone, '' FROM listening_mention WHERE id = ANY(heads)) m JOIN listening_query q ON q.id = m.query_id) g
            ON r.query_id = g.query_id AND r.day = g.day AND r.network = g.network AND r.language = g.language AND r.tone = g.tone AND r.noise = g.noise ORDER BY r.query_id, r.day, r.network COLLATE "C", r.language COLLATE "C", r.tone COLLATE "C", r.noise COLLATE "C" FOR UPDATE OF r;
        UPDATE listening_mention SET noise = '' WHERE id = ANY(heads);
    END IF;
    UPDATE listening_fold f SET size = f.size - n.n
        FROM (SELECT fold, count(*) AS n FROM gone WHERE fold IS NOT NULL GROUP BY 1) n WHERE f.id = n.fold;
    DELETE FROM listening_fold f USING gone g WHERE f.id = g.fold AND f.size = 0;
    RETURN NULL;
END $$;
CREATE FUNCTION listening_mentions_come() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN
    PERFORM FROM listening_query WHERE id IN (SELECT query_id FROM come) ORDER BY id FOR KEY SHARE;
    INSERT INTO listening_rollup AS r (query_id, hour, network, language, tone, noise, count, followers)
        SELECT query_id, hour, network, language, tone, noise, n, f FROM (SELECT m.query_id, date_trunc('hour', m.at, q.zone) AS hour, network, language, tone, noise, count(*) AS n, sum(followers) AS f
            FROM come m JOIN listening_query q ON q.id = m.query_id GROUP BY 1, 2, 3, 4, 5, 6) c
        ORDER BY 1, 2, network COLLATE "C", language COLLATE "C", tone COLLATE "C", noise COLLATE "C"
        ON CONFLICT (query_id, hour, network, language, tone, noise) DO UPDATE
        SET count = r.count + excluded.count, followers = r.followers + excluded.followers;
    INSERT INTO listening_dayrollup AS r (query_id, day, network, language, tone, noise, count, followers)
        SELECT query_id, day, network, language, tone, noise, n, f FROM (SELECT m.query_id, (m.at AT TIME ZONE q.zone)::date AS day, network, language, tone, noise, count(*) AS n, sum(followers) AS f
            FROM come m JOIN listening_query q ON q.id = m.query_id GROUP BY 1, 2, 3, 4, 5, 6) c
        ORDER BY 1, 2, network COLLATE "C", language COLLATE "C", tone COLLATE "C", noise COLLATE "C"
        ON CONFLICT (query_id, day, network, language, tone, noise) DO UPDATE
        SET count = r.count + excluded.count, followers = r.followers + excluded.followers;
    RETURN NULL;
END $$;
CREATE FUNCTION listening_mentions_gone() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE empty bigint[]; BEGIN
    PERFORM FROM listening_query WHERE id IN (SELECT query_id FROM gone) ORDER BY id FOR KEY SHARE;
    PERFORM FROM listening_rollup r JOIN (SELECT m.query_id, date_trunc('hour', m.at, q.zone) AS hour, network, language, tone, noise, count(*) AS n, sum(followers) AS f
            FROM gone m JOIN listening_query q ON q.id = m.query_id GROUP BY 1, 2, 3, 4, 5, 6) g ON (r.query_id, r.hour, r.network, r.language, r.tone, r.noise) = (g.query_id, g.hour, g.network, g.language, g.tone, g.noise)
        ORDER BY r.query_id, r.hour, r.network COLLATE "C", r.language COLLATE "C", r.tone COLLATE "C", r.noise COLLATE "C" FOR UPDATE OF r;
    WITH less AS (
        UPDATE listening_rollup r SET count = r.count - g.n, followers = r.followers - g.f
        FROM (SELECT m.query_id, date_trunc('hour', m.at, q.zone) AS hour, network, language, tone, noise, count(*) AS n, sum(followers) AS f
            FROM gone m JOIN listening_query q ON q.id = m.query_id GROUP BY 1, 2, 3, 4, 5, 6) g WHERE (r.query_id, r.hour, r.network, r.language, r.tone, r.noise) = (g.query_id, g.hour, g.network, g.language, g.tone, g.noise) RETURNING r.id, r.count)
    SELECT array_agg(id) INTO empty FROM less WHERE count = 0;
    DELETE FROM listening_rollup WHERE id = ANY(empty) AND count = 0;
    PERFORM FROM listening_dayrollup r JOIN (SELECT m.query_id, (m.at AT TIME ZONE q.zone)::date AS day, network, language, tone, noise, count(*) AS n, sum(followers) AS f
            FROM gone m JOIN listening_query q ON q.id = m.query_id GROUP BY 1, 2, 3, 4, 5, 6) g ON (r.query_id, r.day, r.network, r.language, r.tone, r.noise) = (g.query_id, g.day, g.network, g.language, g.tone, g.noise)
        ORDER BY r.query_id, r.day, r.network COLLATE "C", r.language COLLATE "C", r.tone COLLATE "C", r.noise COLLATE "C" FOR UPDATE OF r;
    WITH less AS (
        UPDATE listening_dayrollup r SET count = r.count - g.n, followers = r.followers - g.f
        FROM (SELECT m.query_id, (m.at AT TIME ZONE q.zone)::date AS day, network, language, tone, noise, count(*) AS n, sum(followers) AS f
            FROM gone m JOIN listening_query q ON q.id = m.query_id GROUP BY 1, 2, 3, 4, 5, 6) g WHERE (r.query_id, r.day, r.network, r.language, r.tone, r.noise) = (g.query_id, g.day, g.network, g.language, g.tone, g.noise) RETURNING r.id, r.count)
    SELECT array_agg(id) INTO empty FROM less WHERE count = 0;
    DELETE FROM listening_dayrollup WHERE id = ANY(empty) AND count = 0;
    RETURN NULL;
END $$;
CREATE FUNCTION listening_stored_lost() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN
    PERFORM FROM listening_storedfile WHERE id IN (SELECT file_id FROM gone) ORDER BY id FOR UPDATE;
    UPDATE listening_storedfile f SET lost = f.lost || g.ids
        FROM (SELECT file_id, array_agg(id) AS ids FROM gone GROUP BY file_id) g WHERE f.id = g.file_id;
    RETURN NULL;
END $$;
CREATE FUNCTION listening_taken_back() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN
    DELETE FROM listening_mention WHERE activity_id = NEW.id;
    RETURN NULL;
END $$;
CREATE FUNCTION measurement_delivery_moved() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN
    INSERT INTO measurement_due (thread, since)
        SELECT thread_id, now() FROM inbox_reply WHERE delivery_id = NEW.id
        UNION SELECT thread_id, now() FROM inbox_entry WHERE activity_id = NEW.result_id;
    RETURN NULL;
END $$;
CREATE FUNCTION measurement_entries_changed() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN
    INSERT INTO measurement_due (thread, since) SELECT DISTINCT thread_id, now() FROM changed;
    RETURN NULL;
END $$;
CREATE FUNCTION measurement_message_changed() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN
    INSERT INTO measurement_due (thread, since) SELECT thread_id, now() FROM inbox_entry WHERE activity_id = NEW.id;
    RETURN NULL;
END $$;
CREATE FUNCTION measurement_queue_changed() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN
    INSERT INTO measurement_due (thread, since) VALUES (NEW.id, now());
    RETURN NULL;
END $$;
CREATE FUNCTION measurement_thread_changed() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN
    INSERT INTO measurement_due (thread, since) VALUES (NEW.thread_id, now());
    RETURN NULL;
END $$;
CREATE FUNCTION procrastinate_cancel_job_v1(job_id bigint, abort boolean, delete_job boolean) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status = 'todo'
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        IF abort THEN
            UPDATE procrastinate_jobs
            SET abort_requested = true,
                status = CASE status
                    WHEN 'todo' THEN 'cancelled'::procrastinate_job_status ELSE status
                END
            WHERE id = job_id AND status IN ('todo', 'doing')
            RETURNING id INTO _job_id;
        ELSE
            UPDATE procrastinate_jobs
            SET status = 'cancelled'::procrastinate_job_status
            WHERE id = job_id AND status = 'todo'
            RETURNING id INTO _job_id;
        END IF;
    END IF;
    RETURN _job_id;
END;
$$;
CREATE FUNCTION procrastinate_defer_jobs_v1(jobs procrastinate_job_to_defer_v1[]) RETURNS bigint[]
    LANGUAGE plpgsql
    AS $$
DECLARE
    job_ids bigint[];
BEGIN
    WITH inserted_jobs AS (
        INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)
        SELECT (job).queue_name,
               (job).task_name,
               (job).priority,
               (job).lock,
               (job).queueing_lock,
               (job).args,
               (job).scheduled_at
        FROM unnest(jobs) AS job
        RETURNING id
    )
    SELECT array_agg(id) FROM inserted_jobs INTO job_ids;
    RETURN job_ids;
END;
$$;
CREATE FUNCTION procrastinate_defer_periodic_job_v2(_queue_name character varying, _lock character varying, _queueing_lock character varying, _task_name character varying, _priority integer, _periodic_id character varying, _defer_timestamp bigint, _args jsonb) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
	_job_id bigint;
	_defer_id bigint;
BEGIN
    INSERT
        INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)
        VALUES (_task_name, _periodic_id, _defer_timestamp)
        ON CONFLICT DO NOTHING
        RETURNING id into _defer_id;
    IF _defer_id IS NULL THEN
        RETURN NULL;
    END IF;
    UPDATE procrastinate_periodic_defers
        SET job_id = (
            SELECT COALESCE((
                SELECT unnest(procrastinate_defer_jobs_v1(
                    ARRAY[
                        ROW(
                            _queue_name,
                            _task_name,
                            _priority,
                            _lock,
                            _queueing_lock,
                            _args,
                            NULL::timestamptz
                        )
                    ]::procrastinate_job_to_defer_v1[]
                ))
            ), NULL)
        )
        WHERE id = _defer_id
        RETURNING job_id INTO _job_id;
    DELETE
        FROM procrastinate_periodic_defers
        USING (
            SELECT id
            FROM procrastinate_periodic_defers
            WHERE procrastinate_periodic_defers.task_name = _task_name
            AND procrastinate_periodic_defers.periodic_id = _periodic_id
            AND procrastinate_periodic_defers.defer_timestamp < _defer_timestamp
            ORDER BY id
            FOR UPDATE
        ) to_delete
        WHERE procrastinate_periodic_defers.id = to_delete.id;
    RETURN _job_id;
END;
$$;
CREATE TABLE procrastinate_jobs (
    id bigint NOT NULL,
    queue_name character varying(128) NOT NULL,
    task_name character varying(128) NOT NULL,
    lock text,
    args jsonb DEFAULT '{}'::jsonb NOT NULL,
    status procrastinate_job_status DEFAULT 'todo'::procrastinate_job_status NOT NULL,
    scheduled_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    queueing_lock text,
    priority integer DEFAULT 0 NOT NULL,
    abort_requested boolean DEFAULT false NOT NULL,
    worker_id bigint,
    CONSTRAINT check_not_todo_abort_requested CHECK ((NOT ((status = 'todo'::procrastinate_job_status) AND (abort_requested = true))))
);
CREATE FUNCTION procrastinate_fetch_job_v2(target_queue_names character varying[], p_worker_id bigint) RETURNS procrastinate_jobs
    LANGUAGE plpgsql
    AS $$
DECLARE
	found_jobs procrastinate_jobs;
BEGIN
    WITH candidate AS (
        SELECT jobs.*
            FROM procrastinate_jobs AS jobs
            WHERE
                -- reject the job if its lock has earlier or higher priority jobs
                NOT EXISTS (
                    SELECT 1
                        FROM procrastinate_jobs AS other_jobs
                        WHERE
                            jobs.lock IS NOT NULL
                            AND other_jobs.lock = jobs.lock
                            AND (
                                -- job with same lock is already running
                                other_jobs.status = 'doing'
                                OR
                                -- job with same lock is waiting and has higher priority (or same priority but was queued first)
                                (
                                    other_jobs.status = 'todo'
                                    AND (
                                        other_jobs.priority > jobs.priority
                                        OR (
                                        other_jobs.priority = jobs.priority
                                        AND other_jobs.id < jobs.id
                                        )
                                    )
                                )
                            )
                )
                AND jobs.status = 'todo'
                AND (target_queue_names IS NULL OR jobs.queue_name = ANY( target_queue_names ))
                AND (jobs.scheduled_at IS NULL OR jobs.scheduled_at <= now())
            ORDER BY jobs.priority DESC, jobs.id ASC LIMIT 1
            FOR UPDATE OF jobs SKIP LOCKED
    )
    UPDATE procrastinate_jobs
        SET status = 'doing', worker_id = p_worker_id
        FROM candidate
        WHERE procrastinate_jobs.id = candidate.id
        RETURNING procrastinate_jobs.* INTO found_jobs;
 RETURN found_jobs;
END;
$$;
CREATE FUNCTION procrastinate_finish_job_v1(job_id bigint, end_status procrastinate_job_status, delete_job boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF end_status NOT IN ('succeeded', 'failed', 'aborted') THEN
        RAISE 'End status should be either "succeeded", "failed" or "aborted" (job id: %)', job_id;
    END IF;
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = end_status,
            abort_requested = false,
            attempts = CASE status
                WHEN 'doing' THEN attempts + 1 ELSE attempts
            END
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" or "todo" status (job id: %)', job_id;
    END IF;
END;
$$;
CREATE FUNCTION procrastinate_notify_queue_abort_job_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'abort_job_requested', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;
CREATE FUNCTION procrastinate_notify_queue_job_inserted_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'job_inserted', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;
CREATE FUNCTION procrastinate_prune_stalled_workers_v1(seconds_since_heartbeat double precision) RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    DELETE FROM procrastinate_workers
    WHERE last_heartbeat < NOW() - (seconds_since_heartbeat || 'SECOND')::INTERVAL
    RETURNING procrastinate_workers.id;
END;
$$;
CREATE FUNCTION procrastinate_register_worker_v1() RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    INSERT INTO procrastinate_workers DEFAULT VALUES
    RETURNING procrastinate_workers.id;
END;
$$;
CREATE FUNCTION procrastinate_retry_job_v1(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
BEGIN
    SELECT abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status = 'doing'
    FOR UPDATE
    INTO _abort_requested;
    IF _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" status (job id: %)', job_id;
    END IF;
END;
$$;
CREATE FUNCTION procrastinate_retry_job_v2(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
    _current_status procrastinate_job_status;
BEGIN
    SELECT status, abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status IN ('doing', 'failed')
    FOR UPDATE
    INTO _current_status, _abort_requested;
    IF _current_status = 'doing' AND _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status IN ('doing', 'failed')
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or has an invalid status to retry (job id: %)', job_id;
    END IF;
END;
$$;
CREATE FUNCTION procrastinate_trigger_abort_requested_events_procedure_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'abort_requested'::procrastinate_job_event_type);
    RETURN NEW;
END;
$$;
CREATE FUNCTION procrastinate_trigger_function_scheduled_events_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type, at)
        VALUES (NEW.id, 'scheduled'::procrastinate_job_event_type, NEW.scheduled_at);
	RETURN NEW;
END;
$$;
CREATE FUNCTION procrastinate_trigger_function_status_events_insert_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'deferred'::procrastinate_job_event_type);
	RETURN NEW;
END;
$$;
CREATE FUNCTION procrastinate_trigger_function_status_events_update_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    WITH t AS (
        SELECT CASE
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND NEW.status = 'doing'::procrastinate_job_status
                THEN 'started'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'deferred_for_retry'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'failed'::procrastinate_job_status
                THEN 'failed'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'succeeded'::procrastinate_job_status
                THEN 'succeeded'::procrastinate_job_event_type
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND (
                    NEW.status = 'cancelled'::procrastinate_job_status
                    OR NEW.status = 'failed'::procrastinate_job_status
                    OR NEW.status = 'succeeded'::procrastinate_job_status
                )
                THEN 'cancelled'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'aborted'::procrastinate_job_status
                THEN 'aborted'::procrastinate_job_event_type
            WHEN OLD.status = 'failed'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'retried'::procrastinate_job_event_type
            ELSE NULL
        END as event_type
    )
    INSERT INTO procrastinate_events(job_id, type)
        SELECT NEW.id, t.event_type
        FROM t
        WHERE t.event_type IS NOT NULL;
	RETURN NEW;
END;
$$;
CREATE FUNCTION procrastinate_unlink_periodic_defers_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_periodic_defers
    SET job_id = NULL
    WHERE job_id = OLD.id;
    RETURN OLD;
END;
$$;
CREATE FUNCTION procrastinate_unregister_worker_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    DELETE FROM procrastinate_workers
    WHERE id = worker_id;
END;
$$;
CREATE FUNCTION procrastinate_update_heartbeat_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_workers
    SET last_heartbeat = NOW()
    WHERE id = worker_id;
END;
$$;
CREATE TABLE account_emailaddress (
    id integer NOT NULL,
    email character varying(254) NOT NULL,
    verified boolean NOT NULL,
    "primary" boolean NOT NULL,
    user_id bigint NOT NULL
);
ALTER TABLE account_emailaddress ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME account_emailaddress_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE account_emailconfirmation (
    id integer NOT NULL,
    created timestamp with time zone NOT NULL,
    sent timestamp with time zone,
    key character varying(64) NOT NULL,
    email_address_id integer NOT NULL
);
ALTER TABLE account_emailconfirmation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME account_emailconfirmation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE auth_group (
    id integer NOT NULL,
    name character varying(150) NOT NULL
);
ALTER TABLE auth_group ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME auth_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE auth_group_permissions (
    id bigint NOT NULL,
    group_id integer NOT NULL,
    permission_id integer NOT NULL
);
ALTER TABLE auth_group_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME auth_group_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE auth_permission (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    content_type_id integer NOT NULL,
    codename character varying(100) NOT NULL
);
ALTER TABLE auth_permission ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME auth_permission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE cache (
    cache_key character varying(255) NOT NULL,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE TABLE django_content_type (
    id integer NOT NULL,
    app_label character varying(100) NOT NULL,
    model character varying(100) NOT NULL
);
ALTER TABLE django_content_type ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME django_content_type_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE django_migrations (
    id bigint NOT NULL,
    app character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    applied timestamp with time zone NOT NULL
);
ALTER TABLE django_migrations ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME django_migrations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_assignment (
    id bigint NOT NULL,
    created timestamp with time zone NOT NULL,
    before_id bigint,
    by_id bigint,
    to_id bigint,
    thread_id bigint NOT NULL,
    team_id bigint,
    team_before_id bigint,
    queue_id bigint,
    queue_before_id bigint
);
ALTER TABLE inbox_assignment ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_assignment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_band (
    id bigint NOT NULL,
    band bigint NOT NULL,
    exemplar_id bigint NOT NULL
);
ALTER TABLE inbox_band ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_band_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_bulk (
    id bigint NOT NULL,
    what character varying(8) NOT NULL,
    facts jsonb NOT NULL,
    show character varying(10) NOT NULL,
    q text NOT NULL,
    threads bigint[] NOT NULL,
    done integer NOT NULL,
    state character varying(7) NOT NULL,
    created timestamp with time zone NOT NULL,
    brand_id bigint NOT NULL,
    by_id bigint,
    CONSTRAINT bulk_state_known CHECK (((state)::text = ANY (ARRAY[('waiting'::character varying)::text, ('running'::character varying)::text, ('done'::character varying)::text, ('undoing'::character varying)::text, ('undone'::character varying)::text]))),
    CONSTRAINT inbox_bulk_done_check CHECK ((done >= 0))
);
ALTER TABLE inbox_bulk ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_bulk_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_bulkchange (
    id bigint NOT NULL,
    before jsonb NOT NULL,
    bulk_id bigint NOT NULL,
    thread_id bigint NOT NULL
);
ALTER TABLE inbox_bulkchange ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_bulkchange_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_case (
    id bigint NOT NULL,
    number integer NOT NULL,
    key character varying(32) NOT NULL,
    sending character varying(32) NOT NULL,
    code character varying(10) NOT NULL,
    messages bigint[] NOT NULL,
    note text NOT NULL,
    contact character varying(300) NOT NULL,
    consent character varying(300) NOT NULL,
    created timestamp with time zone NOT NULL,
    state character varying(9) NOT NULL,
    due timestamp with time zone NOT NULL,
    claimed_at timestamp with time zone,
    tries smallint NOT NULL,
    reason character varying(60) NOT NULL,
    theirs character varying(80) NOT NULL,
    answered_at timestamp with time zone,
    done_at timestamp with time zone,
    brand_id bigint NOT NULL,
    by_id bigint,
    thread_id bigint NOT NULL,
    desk_id bigint NOT NULL,
    CONSTRAINT case_state_known CHECK (((state)::text = ANY (ARRAY[('waiting'::character varying)::text, ('sending'::character varying)::text, ('sent'::character varying)::text, ('uncertain'::character varying)::text, ('failed'::character varying)::text]))),
    CONSTRAINT inbox_case_number_check CHECK ((number >= 0)),
    CONSTRAINT inbox_case_tries_check CHECK ((tries >= 0))
);
ALTER TABLE inbox_case ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_case_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_caselink (
    id bigint NOT NULL,
    digest character varying(64) NOT NULL,
    expires timestamp with time zone NOT NULL,
    case_id bigint NOT NULL
);
ALTER TABLE inbox_caselink ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_caselink_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_clerk (
    id bigint NOT NULL,
    languages character varying(16)[] NOT NULL,
    skills character varying(40)[] NOT NULL,
    most smallint,
    brand_id bigint NOT NULL,
    user_id bigint NOT NULL,
    CONSTRAINT clerk_has_a_hand CHECK (((most IS NULL) OR (most > 0))),
    CONSTRAINT inbox_clerk_most_check CHECK ((most >= 0))
);
ALTER TABLE inbox_clerk ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_clerk_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_closure (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    reopened_at timestamp with time zone,
    by_id bigint,
    reopened_by_id bigint,
    thread_id bigint NOT NULL
);
ALTER TABLE inbox_closure ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_closure_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_cluster (
    id bigint NOT NULL,
    first_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL,
    size integer NOT NULL,
    brand_id bigint NOT NULL,
    CONSTRAINT inbox_cluster_size_check CHECK ((size >= 0))
);
ALTER TABLE inbox_cluster ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_cluster_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_contact (
    id bigint NOT NULL,
    brand_id bigint NOT NULL
);
ALTER TABLE inbox_contact ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_contact_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_customfield (
    id bigint NOT NULL,
    name character varying(40) NOT NULL,
    folded character varying(160) NOT NULL,
    kind character varying(6) NOT NULL,
    choices character varying(60)[] NOT NULL,
    place smallint NOT NULL,
    required boolean NOT NULL,
    brand_id bigint NOT NULL,
    CONSTRAINT inbox_customfield_place_check CHECK ((place >= 0))
);
ALTER TABLE inbox_customfield ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_customfield_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_deed (
    id bigint NOT NULL,
    name character varying(80) NOT NULL,
    version integer NOT NULL,
    at timestamp with time zone NOT NULL,
    did jsonb NOT NULL,
    failed jsonb NOT NULL,
    entry_id bigint NOT NULL,
    rule_id bigint,
    CONSTRAINT inbox_deed_version_check CHECK ((version >= 0))
);
ALTER TABLE inbox_deed ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_deed_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_draft (
    id bigint NOT NULL,
    kind character varying(5) NOT NULL,
    text text NOT NULL,
    warning text NOT NULL,
    at timestamp with time zone NOT NULL,
    by_id bigint NOT NULL,
    thread_id bigint NOT NULL
);
ALTER TABLE inbox_draft ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_draft_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_enclosure (
    id bigint NOT NULL,
    content bytea NOT NULL,
    mime character varying(80) NOT NULL,
    alt text NOT NULL,
    name character varying(120) NOT NULL,
    at timestamp with time zone NOT NULL,
    by_id bigint NOT NULL,
    thread_id bigint NOT NULL
);
ALTER TABLE inbox_enclosure ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_enclosure_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_entry (
    id bigint NOT NULL,
    own boolean NOT NULL,
    addressed boolean NOT NULL,
    at timestamp with time zone NOT NULL,
    activity_id bigint NOT NULL,
    thread_id bigint NOT NULL
);
ALTER TABLE inbox_entry ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_exemplar (
    id bigint NOT NULL,
    activity_id bigint NOT NULL,
    cluster_id bigint NOT NULL
);
ALTER TABLE inbox_exemplar ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_exemplar_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_follow (
    id bigint NOT NULL,
    created timestamp with time zone NOT NULL,
    by_id bigint NOT NULL,
    thread_id bigint NOT NULL
);
ALTER TABLE inbox_follow ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_follow_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_handle (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    how character varying(6) NOT NULL,
    words character varying(300) NOT NULL,
    actor_id bigint NOT NULL,
    brand_id bigint NOT NULL,
    by_id bigint,
    contact_id bigint NOT NULL
);
ALTER TABLE inbox_handle ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_handle_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_likened (
    thread_id bigint NOT NULL,
    likeness double precision NOT NULL,
    more boolean NOT NULL,
    pressing boolean NOT NULL,
    at timestamp with time zone NOT NULL,
    activity_id bigint NOT NULL,
    cluster_id bigint NOT NULL
);
CREATE TABLE inbox_lock (
    thread_id bigint NOT NULL,
    since timestamp with time zone NOT NULL,
    until timestamp with time zone NOT NULL,
    by_id bigint NOT NULL
);
CREATE TABLE inbox_merge (
    id bigint NOT NULL,
    created timestamp with time zone NOT NULL,
    moved jsonb NOT NULL,
    is_split boolean NOT NULL,
    undone_at timestamp with time zone,
    by_id bigint,
    into_id bigint NOT NULL,
    thread_id bigint NOT NULL
);
ALTER TABLE inbox_merge ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_merge_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_note (
    id bigint NOT NULL,
    created timestamp with time zone NOT NULL,
    text text NOT NULL,
    withdrawn_at timestamp with time zone,
    author_id bigint,
    thread_id bigint NOT NULL,
    said_as text NOT NULL,
    remark text,
    on_behalf_of character varying(80) DEFAULT ''::character varying NOT NULL
);
ALTER TABLE inbox_note ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_note_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_part (
    id bigint NOT NULL,
    language character varying(16) NOT NULL,
    likeness double precision NOT NULL,
    why character varying(12)[] NOT NULL,
    chosen boolean NOT NULL,
    outcome character varying(9) NOT NULL,
    activity_id bigint NOT NULL,
    reply_id bigint,
    thread_id bigint NOT NULL,
    release_id bigint NOT NULL
);
ALTER TABLE inbox_part ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_part_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_pause (
    id bigint NOT NULL,
    created timestamp with time zone NOT NULL,
    waits character varying(9) NOT NULL,
    until timestamp with time zone,
    ended_at timestamp with time zone,
    by_id bigint,
    ended_by_id bigint,
    thread_id bigint NOT NULL
);
ALTER TABLE inbox_pause ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_pause_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_personnote (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    text text NOT NULL,
    actor_id bigint NOT NULL,
    brand_id bigint NOT NULL,
    by_id bigint
);
ALTER TABLE inbox_personnote ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_personnote_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_persontag (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    actor_id bigint NOT NULL,
    brand_id bigint NOT NULL,
    by_id bigint,
    tag_id bigint NOT NULL
);
ALTER TABLE inbox_persontag ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_persontag_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_presence (
    id bigint NOT NULL,
    away boolean NOT NULL,
    at timestamp with time zone NOT NULL,
    thread_id bigint NOT NULL,
    user_id bigint NOT NULL
);
ALTER TABLE inbox_presence ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_presence_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_promise (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    what character varying(300) NOT NULL,
    due date NOT NULL,
    kept boolean,
    settled_at timestamp with time zone,
    reminded_at timestamp with time zone,
    actor_id bigint NOT NULL,
    brand_id bigint NOT NULL,
    by_id bigint,
    settled_by_id bigint,
    thread_id bigint,
    overdue_at timestamp with time zone
);
ALTER TABLE inbox_promise ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_promise_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_queue (
    id bigint NOT NULL,
    name character varying(60) NOT NULL,
    place smallint NOT NULL,
    takes boolean NOT NULL,
    languages character varying(16)[] NOT NULL,
    countries character varying(2)[] NOT NULL,
    words character varying(60)[] NOT NULL,
    sought text NOT NULL,
    skills character varying(40)[] NOT NULL,
    brand_id bigint NOT NULL,
    hours_id bigint,
    CONSTRAINT inbox_queue_place_check CHECK ((place >= 0))
);
ALTER TABLE inbox_queue ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_queue_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_queuemember (
    id bigint NOT NULL,
    queue_id bigint NOT NULL,
    user_id bigint NOT NULL
);
ALTER TABLE inbox_queuemember ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_queuemember_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_reading (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    user_id bigint NOT NULL,
    thread_id bigint NOT NULL
);
ALTER TABLE inbox_reading ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_reading_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_release (
    id bigint NOT NULL,
    done integer NOT NULL,
    texts jsonb NOT NULL,
    state character varying(8) NOT NULL,
    created timestamp with time zone NOT NULL,
    released_at timestamp with time zone,
    brand_id bigint NOT NULL,
    by_id bigint,
    cluster_id bigint,
    CONSTRAINT inbox_release_done_check CHECK ((done >= 0)),
    CONSTRAINT release_state_known CHECK (((state)::text = ANY (ARRAY[('draft'::character varying)::text, ('waiting'::character varying)::text, ('running'::character varying)::text, ('done'::character varying)::text, ('stopping'::character varying)::text, ('stopped'::character varying)::text])))
);
ALTER TABLE inbox_release ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_release_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_reply (
    id bigint NOT NULL,
    created timestamp with time zone NOT NULL,
    author_id bigint,
    delivery_id bigint NOT NULL,
    thread_id bigint NOT NULL,
    signature character varying(160) DEFAULT ''::character varying NOT NULL,
    signed character varying(10) DEFAULT 'none'::character varying NOT NULL,
    on_behalf_of character varying(80) DEFAULT ''::character varying NOT NULL
);
ALTER TABLE inbox_reply ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_reply_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_rule (
    id bigint NOT NULL,
    name character varying(80) NOT NULL,
    place integer NOT NULL,
    "on" boolean NOT NULL,
    query text NOT NULL,
    conditions jsonb NOT NULL,
    actions jsonb NOT NULL,
    stops boolean NOT NULL,
    version integer NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    brand_id bigint NOT NULL,
    changed_by_id bigint,
    CONSTRAINT inbox_rule_place_check CHECK ((place >= 0)),
    CONSTRAINT inbox_rule_version_check CHECK ((version >= 0))
);
ALTER TABLE inbox_rule ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_rule_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_savedreply (
    id bigint NOT NULL,
    own boolean NOT NULL,
    name character varying(80) NOT NULL,
    shortcut character varying(30) NOT NULL,
    uses integer NOT NULL,
    used_at timestamp with time zone,
    lately double precision NOT NULL,
    created timestamp with time zone NOT NULL,
    author_id bigint,
    brand_id bigint NOT NULL,
    team_id bigint,
    CONSTRAINT inbox_savedreply_uses_check CHECK ((uses >= 0))
);
ALTER TABLE inbox_savedreply ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_savedreply_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_savedreplytext (
    id bigint NOT NULL,
    language character varying(16) NOT NULL,
    text text NOT NULL,
    saved_id bigint NOT NULL
);
ALTER TABLE inbox_savedreplytext ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_savedreplytext_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_servicedesk (
    id bigint NOT NULL,
    name character varying(60) NOT NULL,
    way character varying(7) NOT NULL,
    address text NOT NULL,
    sealed bytea,
    created timestamp with time zone NOT NULL,
    retired_at timestamp with time zone,
    answers_id bigint,
    brand_id bigint NOT NULL,
    made_by_id bigint
);
ALTER TABLE inbox_servicedesk ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_servicedesk_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_survey (
    id bigint NOT NULL,
    language character varying(16) NOT NULL,
    digest character varying(64) NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    expires timestamp with time zone NOT NULL,
    score smallint,
    words character varying(1000) NOT NULL,
    answered_at timestamp with time zone,
    brand_id bigint NOT NULL,
    channel_id bigint NOT NULL,
    reply_id bigint NOT NULL,
    team_id bigint,
    thread_id bigint NOT NULL,
    CONSTRAINT inbox_survey_score_check CHECK ((score >= 0)),
    CONSTRAINT survey_answered_with_a_score CHECK ((((answered_at IS NULL) AND (score IS NULL)) OR ((answered_at IS NOT NULL) AND ((score >= 1) AND (score <= 5)))))
);
ALTER TABLE inbox_survey ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_survey_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_tag (
    id bigint NOT NULL,
    name character varying(40) NOT NULL,
    folded character varying(160) NOT NULL,
    brand_id bigint NOT NULL
);
ALTER TABLE inbox_tag ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_tag_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_tagging (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    by_id bigint,
    tag_id bigint NOT NULL,
    thread_id bigint NOT NULL
);
ALTER TABLE inbox_tagging ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_tagging_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_target (
    id bigint NOT NULL,
    first integer,
    next integer,
    resolution integer,
    open_hours boolean NOT NULL,
    warns smallint,
    escalates integer,
    brand_id bigint NOT NULL,
    queue_id bigint,
    calls boolean NOT NULL,
    CONSTRAINT inbox_target_escalates_check CHECK ((escalates >= 0)),
    CONSTRAINT inbox_target_first_check CHECK ((first >= 0)),
    CONSTRAINT inbox_target_next_check CHECK ((next >= 0)),
    CONSTRAINT inbox_target_resolution_check CHECK ((resolution >= 0)),
    CONSTRAINT inbox_target_warns_check CHECK ((warns >= 0)),
    CONSTRAINT target_is_one CHECK ((NOT ((first IS NULL) AND (next IS NULL) AND (resolution IS NULL))))
);
ALTER TABLE inbox_target ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_target_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_thread (
    id bigint NOT NULL,
    conversation text NOT NULL,
    kind character varying(10) NOT NULL,
    last_text character varying(300) NOT NULL,
    last_own boolean NOT NULL,
    last_at timestamp with time zone NOT NULL,
    last_in timestamp with time zone,
    messages integer NOT NULL,
    answered boolean NOT NULL,
    offered boolean NOT NULL,
    closed_at timestamp with time zone,
    assignee_id bigint,
    brand_id bigint NOT NULL,
    channel_id bigint NOT NULL,
    person_id bigint,
    held integer NOT NULL,
    hidden integer NOT NULL,
    handled boolean DEFAULT false NOT NULL,
    merged_into_id bigint,
    priority smallint DEFAULT 0 NOT NULL,
    team_id bigint,
    waits character varying(9) DEFAULT ''::character varying NOT NULL,
    wakes_at timestamp with time zone,
    language character varying(16) DEFAULT ''::character varying NOT NULL,
    tone character varying(8) DEFAULT ''::character varying NOT NULL,
    due_at timestamp with time zone,
    due_for character varying(10) DEFAULT ''::character varying NOT NULL,
    lateness smallint DEFAULT 0 NOT NULL,
    reach smallint DEFAULT 0 NOT NULL,
    rings_at timestamp with time zone,
    queue_id bigint,
    fields jsonb DEFAULT '{}'::jsonb NOT NULL,
    toxic boolean DEFAULT false NOT NULL,
    CONSTRAINT inbox_thread_held_check CHECK ((held >= 0)),
    CONSTRAINT inbox_thread_hidden_check CHECK ((hidden >= 0)),
    CONSTRAINT inbox_thread_messages_check CHECK ((messages >= 0))
);
ALTER TABLE inbox_thread ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_thread_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE inbox_view (
    id bigint NOT NULL,
    name character varying(60) NOT NULL,
    show character varying(10) NOT NULL,
    q character varying(4096) NOT NULL,
    shared boolean NOT NULL,
    brand_id bigint NOT NULL,
    by_id bigint NOT NULL
);
ALTER TABLE inbox_view ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME inbox_view_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE listening_alert (
    id bigint NOT NULL,
    kind character varying(8) NOT NULL,
    since timestamp with time zone NOT NULL,
    until timestamp with time zone NOT NULL,
    began timestamp with time zone NOT NULL,
    grew timestamp with time zone,
    over timestamp with time zone,
    every double precision NOT NULL,
    posts integer NOT NULL,
    usual double precision NOT NULL,
    negative integer NOT NULL,
    usual_negative double precision NOT NULL,
    copies integer NOT NULL,
    missed double precision NOT NULL,
    episode jsonb,
    samples jsonb NOT NULL,
    words jsonb NOT NULL,
    query_id bigint NOT NULL,
    first_id bigint,
    CONSTRAINT listening_alert_copies_check CHECK ((copies >= 0)),
    CONSTRAINT listening_alert_negative_check CHECK ((negative >= 0)),
    CONSTRAINT listening_alert_posts_check CHECK ((posts >= 0))
);
ALTER TABLE listening_alert ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME listening_alert_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE listening_backtest (
    id bigint NOT NULL,
    asked timestamp with time zone NOT NULL,
    done timestamp with time zone,
    place bigint,
    total integer NOT NULL,
    looked integer NOT NULL,
    matched integer NOT NULL,
    lost integer NOT NULL,
    sampled integer NOT NULL,
    of bigint NOT NULL,
    sample_matched integer NOT NULL,
    days jsonb NOT NULL,
    by_id bigint,
    version_id bigint NOT NULL,
    shelf bigint,
    since timestamp with time zone,
    stored integer NOT NULL,
    stored_matched integer NOT NULL,
    unread integer NOT NULL,
    CONSTRAINT listening_backtest_looked_check CHECK ((looked >= 0)),
    CONSTRAINT listening_backtest_lost_check CHECK ((lost >= 0)),
    CONSTRAINT listening_backtest_matched_check CHECK ((matched >= 0)),
    CONSTRAINT listening_backtest_of_check CHECK ((of >= 0)),
    CONSTRAINT listening_backtest_sample_matched_check CHECK ((sample_matched >= 0)),
    CONSTRAINT listening_backtest_sampled_check CHECK ((sampled >= 0)),
    CONSTRAINT listening_backtest_stored_check CHECK ((stored >= 0)),
    CONSTRAINT listening_backtest_stored_matched_check CHECK ((stored_matched >= 0)),
    CONSTRAINT listening_backtest_total_check CHECK ((total >= 0)),
    CONSTRAINT listening_backtest_unread_check CHECK ((unread >= 0))
);
ALTER TABLE listening_backtest ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME listening_backtest_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE listening_dayrollup (
    id bigint NOT NULL,
    network character varying(30) NOT NULL,
    language character varying(16) NOT NULL,
    tone character varying(8) NOT NULL,
    noise character varying(8) NOT NULL,
    count bigint NOT NULL,
    followers bigint NOT NULL,
    day date NOT NULL,
    query_id bigint NOT NULL
);
ALTER TABLE listening_dayrollup ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME listening_dayrollup_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE listening_event (
    id bigint NOT NULL,
    name character varying(80) NOT NULL,
    begins timestamp with time zone NOT NULL,
    ends timestamp with time zone NOT NULL,
    made timestamp with time zone NOT NULL,
    upto timestamp with time zone,
    kept jsonb NOT NULL,
    brand_id bigint NOT NULL,
    query_id bigint NOT NULL,
    CONSTRAINT event_takes_time CHECK ((ends > begins))
);
ALTER TABLE listening_event ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME listening_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE listening_eventtag (
    id bigint NOT NULL,
    tag character varying(80) NOT NULL,
    since timestamp with time zone NOT NULL,
    at timestamp with time zone NOT NULL,
    version integer,
    by_id bigint,
    event_id bigint NOT NULL,
    CONSTRAINT listening_eventtag_version_check CHECK ((version >= 0))
);
ALTER TABLE listening_eventtag ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME listening_eventtag_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE listening_exploration (
    id bigint NOT NULL,
    name character varying(60) NOT NULL,
    asked character varying(1000) NOT NULL,
    shared boolean NOT NULL,
    brand_id bigint NOT NULL,
    by_id bigint NOT NULL
);
ALTER TABLE listening_exploration ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME listening_exploration_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE listening_fold (
    id bigint NOT NULL,
    size integer NOT NULL,
    last_at timestamp with time zone NOT NULL,
    spam boolean,
    query_id bigint NOT NULL,
    CONSTRAINT listening_fold_size_check CHECK ((size >= 0))
);
ALTER TABLE listening_fold ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME listening_fold_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE listening_follower (
    id bigint NOT NULL,
    query_id bigint NOT NULL,
    user_id bigint NOT NULL
);
ALTER TABLE listening_follower ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME listening_follower_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE listening_judgement (
    id bigint NOT NULL,
    verdict character varying(8) NOT NULL,
    at timestamp with time zone NOT NULL,
    alert_id bigint NOT NULL,
    by_id bigint
);
ALTER TABLE listening_judgement ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME listening_judgement_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE listening_mention (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    author bigint NOT NULL,
    followers bigint NOT NULL,
    network character varying(30) NOT NULL,
    language character varying(16) NOT NULL,
    tone character varying(8) NOT NULL,
    noise character varying(8) DEFAULT ''::character varying NOT NULL,
    activity_id bigint NOT NULL,
    query_id bigint NOT NULL,
    asks boolean DEFAULT false NOT NULL,
    closely boolean DEFAULT false NOT NULL,
    fold bigint,
    presses boolean DEFAULT false NOT NULL,
    toxic boolean DEFAULT false NOT NULL,
    words integer DEFAULT 0 NOT NULL
);
ALTER TABLE listening_mention ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME listening_mention_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE listening_print (
    mention bigint NOT NULL,
    fold bigint,
    bands bigint[] NOT NULL,
    heard timestamp with time zone NOT NULL
);
CREATE TABLE listening_query (
    id bigint NOT NULL,
    name character varying(80) NOT NULL,
    "on" boolean NOT NULL,
    text text NOT NULL,
    number integer NOT NULL,
    stamp bigint NOT NULL,
    made timestamp with time zone NOT NULL,
    brand_id bigint NOT NULL,
    zone character varying(60) DEFAULT 'UTC'::character varying NOT NULL,
    removed timestamp with time zone,
    CONSTRAINT listening_query_number_check CHECK ((number >= 0))
);
ALTER TABLE listening_query ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME listening_query_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE listening_querybook (
    id smallint NOT NULL,
    key uuid NOT NULL,
    changes bigint NOT NULL,
    CONSTRAINT one_query_book CHECK ((id = 1))
);
CREATE TABLE listening_rollup (
    id bigint NOT NULL,
    hour timestamp with time zone NOT NULL,
    network character varying(30) NOT NULL,
    language character varying(16) NOT NULL,
    tone character varying(8) NOT NULL,
    noise character varying(8) NOT NULL,
    count bigint NOT NULL,
    followers bigint NOT NULL,
    query_id bigint NOT NULL
);
ALTER TABLE listening_rollup ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME listening_rollup_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE listening_round (
    id bigint NOT NULL,
    network character varying(30) NOT NULL,
    first timestamp with time zone NOT NULL,
    began timestamp with time zone NOT NULL,
    ended timestamp with time zone,
    upto bigint NOT NULL,
    kept bigint NOT NULL,
    asked bigint NOT NULL,
    gaps boolean NOT NULL,
    code character varying(60) NOT NULL,
    facts jsonb NOT NULL,
    whole timestamp with time zone,
    CONSTRAINT listening_round_asked_check CHECK ((asked >= 0)),
    CONSTRAINT listening_round_kept_check CHECK ((kept >= 0))
);
ALTER TABLE listening_round ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME listening_round_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE listening_sample (
    id bigint NOT NULL,
    network character varying(30) NOT NULL,
    remote_id text NOT NULL,
    author text NOT NULL,
    heard timestamp with time zone NOT NULL,
    one_in integer NOT NULL,
    language character varying(16) NOT NULL,
    tone character varying(8) NOT NULL,
    said jsonb NOT NULL,
    words tsvector NOT NULL,
    CONSTRAINT listening_sample_one_in_check CHECK ((one_in >= 0))
);
ALTER TABLE listening_sample ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME listening_sample_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE listening_source (
    id bigint NOT NULL,
    network character varying(30) NOT NULL,
    address text NOT NULL,
    name text NOT NULL,
    settings jsonb NOT NULL,
    words text NOT NULL,
    "on" boolean NOT NULL,
    cursor jsonb,
    alive_at timestamp with time zone,
    heard_at timestamp with time zone,
    upto timestamp with time zone,
    missed_at timestamp with time zone,
    unread bigint NOT NULL,
    failures integer NOT NULL,
    code character varying(60) NOT NULL,
    facts jsonb NOT NULL,
    next_try timestamp with time zone NOT NULL,
    listener uuid,
    listening_until timestamp with time zone,
    made timestamp with time zone NOT NULL,
    brand_id bigint NOT NULL,
    channel_id bigint,
    past jsonb,
    hub jsonb,
    CONSTRAINT listening_source_failures_check CHECK ((failures >= 0))
);
ALTER TABLE listening_source ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME listening_source_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE listening_storedfile (
    id bigint NOT NULL,
    month date NOT NULL,
    name text NOT NULL,
    since timestamp with time zone NOT NULL,
    until timestamp with time zone NOT NULL,
    rows integer NOT NULL,
    size bigint NOT NULL,
    lost bigint[] NOT NULL,
    made timestamp with time zone NOT NULL,
    brand_id bigint NOT NULL,
    CONSTRAINT listening_storedfile_rows_check CHECK ((rows >= 0))
);
ALTER TABLE listening_storedfile ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME listening_storedfile_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE listening_storedmention (
    id bigint NOT NULL,
    key bigint NOT NULL,
    author_id bigint NOT NULL,
    file_id bigint NOT NULL,
    query_id bigint NOT NULL
);
CREATE TABLE listening_storedscrap (
    name text NOT NULL,
    made timestamp with time zone NOT NULL
);
CREATE TABLE listening_takeover (
    id bigint NOT NULL,
    tag character varying(80) NOT NULL,
    since timestamp with time zone NOT NULL,
    began timestamp with time zone NOT NULL,
    over timestamp with time zone,
    before double precision NOT NULL,
    now double precision NOT NULL,
    noise integer NOT NULL,
    posts integer NOT NULL,
    event_id bigint NOT NULL,
    CONSTRAINT listening_takeover_noise_check CHECK ((noise >= 0)),
    CONSTRAINT listening_takeover_posts_check CHECK ((posts >= 0))
);
ALTER TABLE listening_takeover ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME listening_takeover_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE listening_version (
    id bigint NOT NULL,
    number integer NOT NULL,
    text text NOT NULL,
    at timestamp with time zone NOT NULL,
    back_to integer,
    by_id bigint,
    query_id bigint NOT NULL,
    CONSTRAINT listening_version_back_to_check CHECK ((back_to >= 0)),
    CONSTRAINT listening_version_number_check CHECK ((number >= 0))
);
ALTER TABLE listening_version ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME listening_version_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE listening_watching (
    id bigint NOT NULL,
    kept jsonb NOT NULL,
    form smallint NOT NULL,
    upto timestamp with time zone,
    learnt_from timestamp with time zone NOT NULL,
    told_from timestamp with time zone NOT NULL,
    waits timestamp with time zone,
    "on" boolean NOT NULL,
    every integer NOT NULL,
    floor integer NOT NULL,
    rest integer NOT NULL,
    query_id bigint NOT NULL,
    seen bigint DEFAULT 0 NOT NULL,
    CONSTRAINT listening_watching_every_check CHECK ((every >= 0)),
    CONSTRAINT listening_watching_floor_check CHECK ((floor >= 0)),
    CONSTRAINT listening_watching_form_check CHECK ((form >= 0)),
    CONSTRAINT listening_watching_rest_check CHECK ((rest >= 0))
);
ALTER TABLE listening_watching ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME listening_watching_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE measurement_due (
    id bigint NOT NULL,
    thread bigint NOT NULL,
    since timestamp with time zone NOT NULL
);
ALTER TABLE measurement_due ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME measurement_due_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE measurement_heard (
    entry_id bigint NOT NULL,
    language character varying(16) NOT NULL,
    at timestamp with time zone NOT NULL,
    day date NOT NULL,
    hour smallint NOT NULL,
    begins smallint NOT NULL,
    answered timestamp with time zone,
    here boolean NOT NULL,
    closed timestamp with time zone,
    gone boolean NOT NULL,
    wait integer,
    solved integer,
    wait_open integer,
    solved_open integer,
    brand_id bigint NOT NULL,
    by_id bigint,
    channel_id bigint NOT NULL,
    team_id bigint,
    thread_id bigint NOT NULL,
    queue_id bigint,
    CONSTRAINT heard_begins_known CHECK ((begins = ANY (ARRAY[0, 1, 2])))
);
CREATE TABLE measurement_peoplefigures (
    brand_id bigint NOT NULL,
    since timestamp with time zone NOT NULL,
    by_id bigint
);
CREATE TABLE measurement_staffed (
    id bigint NOT NULL,
    hour timestamp with time zone NOT NULL,
    people integer NOT NULL,
    brand_id bigint NOT NULL,
    CONSTRAINT measurement_staffed_people_check CHECK ((people >= 0))
);
ALTER TABLE measurement_staffed ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME measurement_staffed_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE mfa_authenticator (
    id bigint NOT NULL,
    type character varying(20) NOT NULL,
    data jsonb NOT NULL,
    user_id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone
);
ALTER TABLE mfa_authenticator ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME mfa_authenticator_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE networks_accountsnapshot (
    id bigint NOT NULL,
    day date NOT NULL,
    at timestamp with time zone NOT NULL,
    followers bigint,
    channel_id bigint NOT NULL
);
ALTER TABLE networks_accountsnapshot ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME networks_accountsnapshot_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE networks_activity (
    id bigint NOT NULL,
    network character varying(30) NOT NULL,
    remote_id text NOT NULL,
    kind character varying(10) NOT NULL,
    text text NOT NULL,
    language character varying(16) NOT NULL,
    url text NOT NULL,
    in_reply_to text NOT NULL,
    conversation text NOT NULL,
    about text NOT NULL,
    media jsonb NOT NULL,
    spans jsonb NOT NULL,
    facts jsonb NOT NULL,
    published timestamp with time zone NOT NULL,
    received timestamp with time zone NOT NULL,
    edited timestamp with time zone,
    deleted timestamp with time zone,
    search tsvector,
    actor_id bigint,
    standing character varying(10) NOT NULL,
    title text NOT NULL,
    warning text NOT NULL,
    erased timestamp with time zone,
    automatic character varying(10) NOT NULL,
    quoted text NOT NULL
);
ALTER TABLE networks_activity ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME networks_activity_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE networks_actor (
    id bigint NOT NULL,
    network character varying(30) NOT NULL,
    remote_id text NOT NULL,
    handle text NOT NULL,
    name text NOT NULL,
    avatar text NOT NULL,
    url text NOT NULL,
    about text NOT NULL,
    followers bigint,
    seen timestamp with time zone NOT NULL
);
ALTER TABLE networks_actor ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME networks_actor_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE networks_attachment (
    id bigint NOT NULL,
    content bytea NOT NULL,
    mime character varying(80) NOT NULL,
    alt text NOT NULL,
    delivery_id bigint NOT NULL,
    name character varying(120) DEFAULT ''::character varying NOT NULL
);
ALTER TABLE networks_attachment ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME networks_attachment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE networks_audience (
    id bigint NOT NULL,
    own boolean NOT NULL,
    addressed boolean NOT NULL,
    historic boolean NOT NULL,
    activity_id bigint NOT NULL,
    channel_id bigint NOT NULL
);
ALTER TABLE networks_audience ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME networks_audience_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE networks_channel (
    id bigint NOT NULL,
    network character varying(30) NOT NULL,
    remote_id text NOT NULL,
    handle text NOT NULL,
    name text NOT NULL,
    avatar text NOT NULL,
    state character varying(10) NOT NULL,
    code character varying(60) NOT NULL,
    facts jsonb NOT NULL,
    settings jsonb NOT NULL,
    cursor jsonb,
    history_cursor jsonb,
    history_from timestamp with time zone,
    history_done boolean NOT NULL,
    next_fetch timestamp with time zone NOT NULL,
    next_recheck timestamp with time zone NOT NULL,
    fetched_at timestamp with time zone,
    failures integer NOT NULL,
    created timestamp with time zone NOT NULL,
    brand_id bigint NOT NULL,
    listener uuid,
    listening_until timestamp with time zone,
    signing character varying(10) DEFAULT 'none'::character varying NOT NULL,
    country character varying(2) DEFAULT ''::character varying NOT NULL,
    listen_only boolean DEFAULT false NOT NULL,
    measured_at timestamp with time zone,
    CONSTRAINT channel_signing_known CHECK (((signing)::text = ANY (ARRAY[('none'::character varying)::text, ('first_name'::character varying)::text, ('real_name'::character varying)::text, ('initials'::character varying)::text]))),
    CONSTRAINT channel_state_known CHECK (((state)::text = ANY (ARRAY[('active'::character varying)::text, ('reconnect'::character varying)::text, ('off'::character varying)::text]))),
    CONSTRAINT networks_channel_failures_check CHECK ((failures >= 0))
);
ALTER TABLE networks_channel ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME networks_channel_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE networks_community (
    id bigint NOT NULL,
    network character varying(30) NOT NULL,
    place character varying(300) NOT NULL,
    name character varying(100) NOT NULL,
    customs text NOT NULL,
    speaks character varying(9) NOT NULL,
    asks character varying(200) NOT NULL,
    reviewed timestamp with time zone NOT NULL,
    made timestamp with time zone NOT NULL,
    brand_id bigint NOT NULL
);
ALTER TABLE networks_community ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME networks_community_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE networks_community_speakers (
    id bigint NOT NULL,
    community_id bigint NOT NULL,
    membership_id bigint NOT NULL
);
ALTER TABLE networks_community_speakers ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME networks_community_speakers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE networks_communitynote (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    text text NOT NULL,
    by_id bigint,
    community_id bigint NOT NULL
);
ALTER TABLE networks_communitynote ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME networks_communitynote_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE networks_correction (
    id bigint NOT NULL,
    what character varying(8) NOT NULL,
    value character varying(16) NOT NULL,
    was character varying(16) NOT NULL,
    at timestamp with time zone NOT NULL,
    undone_at timestamp with time zone,
    activity_id bigint NOT NULL,
    brand_id bigint NOT NULL,
    by_id bigint
);
ALTER TABLE networks_correction ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME networks_correction_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE networks_defence (
    id bigint NOT NULL,
    act character varying(8) NOT NULL,
    reason character varying(60) NOT NULL,
    label character varying(300) NOT NULL,
    words text NOT NULL,
    at timestamp with time zone NOT NULL,
    activity_id bigint,
    actor_id bigint NOT NULL,
    by_id bigint,
    channel_id bigint NOT NULL,
    delivery_id bigint NOT NULL,
    CONSTRAINT defence_act_known CHECK (((act)::text = ANY (ARRAY[('block'::character varying)::text, ('unblock'::character varying)::text, ('report'::character varying)::text])))
);
ALTER TABLE networks_defence ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME networks_defence_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE networks_delivery (
    id bigint NOT NULL,
    act character varying(8) NOT NULL,
    state character varying(10) NOT NULL,
    key character varying(40) NOT NULL,
    text text NOT NULL,
    said_at timestamp with time zone NOT NULL,
    not_before timestamp with time zone NOT NULL,
    tries integer NOT NULL,
    claimed_at timestamp with time zone,
    remote_id text NOT NULL,
    url text NOT NULL,
    code character varying(60) NOT NULL,
    facts jsonb NOT NULL,
    passed_on boolean NOT NULL,
    created timestamp with time zone NOT NULL,
    author_id bigint,
    channel_id bigint NOT NULL,
    result_id bigint,
    settled_by_id bigint,
    target_id bigint,
    warning text NOT NULL,
    asking character varying(8) DEFAULT ''::character varying NOT NULL,
    leave_by timestamp with time zone,
    language character varying(16) DEFAULT ''::character varying NOT NULL,
    countries character varying(2)[] DEFAULT '{}'::character varying(2)[] NOT NULL,
    CONSTRAINT delivery_state_known CHECK (((state)::text = ANY (ARRAY[('waiting'::character varying)::text, ('sending'::character varying)::text, ('sent'::character varying)::text, ('refused'::character varying)::text, ('uncertain'::character varying)::text, ('withdrawn'::character varying)::text, ('returned'::character varying)::text]))),
    CONSTRAINT networks_delivery_tries_check CHECK ((tries >= 0))
);
ALTER TABLE networks_delivery ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME networks_delivery_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE networks_erasure (
    id bigint NOT NULL,
    network character varying(30) NOT NULL,
    of_account character varying(64) NOT NULL,
    at timestamp with time zone NOT NULL,
    counts jsonb NOT NULL,
    by_id bigint
);
ALTER TABLE networks_erasure ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME networks_erasure_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE networks_grant (
    id bigint NOT NULL,
    sealed bytea NOT NULL,
    changed timestamp with time zone NOT NULL,
    channel_id bigint NOT NULL
);
ALTER TABLE networks_grant ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME networks_grant_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE networks_hold (
    id bigint NOT NULL,
    reason text NOT NULL,
    placed_at timestamp with time zone NOT NULL,
    lifted_at timestamp with time zone,
    brand_id bigint,
    channel_id bigint,
    placed_by_id bigint,
    country character varying(2) DEFAULT ''::character varying NOT NULL,
    lifted_by_id bigint,
    replies boolean DEFAULT true NOT NULL,
    under_way jsonb DEFAULT '[]'::jsonb NOT NULL
);
ALTER TABLE networks_hold ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME networks_hold_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE networks_moderation (
    id bigint NOT NULL,
    verdict character varying(8) NOT NULL,
    reason character varying(20) NOT NULL,
    words text NOT NULL,
    before character varying(10) NOT NULL,
    at timestamp with time zone NOT NULL,
    activity_id bigint NOT NULL,
    by_id bigint,
    channel_id bigint NOT NULL,
    delivery_id bigint NOT NULL,
    undoes_id bigint
);
ALTER TABLE networks_moderation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME networks_moderation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE networks_objection (
    id bigint NOT NULL,
    network character varying(30) NOT NULL,
    of_account character varying(64) NOT NULL,
    of_handle character varying(64) NOT NULL,
    created timestamp with time zone NOT NULL,
    skipped bigint NOT NULL,
    last_skipped timestamp with time zone,
    brand_id bigint,
    by_id bigint,
    CONSTRAINT networks_objection_skipped_check CHECK ((skipped >= 0)),
    CONSTRAINT objection_of_somebody CHECK ((NOT (((of_account)::text = ''::text) AND ((of_handle)::text = ''::text))))
);
ALTER TABLE networks_objection ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME networks_objection_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE networks_personkey (
    id smallint NOT NULL,
    key bytea NOT NULL,
    changes bigint NOT NULL,
    CONSTRAINT one_person_key CHECK ((id = 1))
);
CREATE TABLE networks_setaside (
    id bigint NOT NULL,
    remote_id text NOT NULL,
    reason text NOT NULL,
    raw text NOT NULL,
    received timestamp with time zone NOT NULL,
    settled_at timestamp with time zone,
    channel_id bigint NOT NULL
);
ALTER TABLE networks_setaside ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME networks_setaside_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE networks_snapshot (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    likes bigint,
    reposts bigint,
    replies bigint,
    quotes bigint,
    views bigint,
    activity_id bigint NOT NULL
);
ALTER TABLE networks_snapshot ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME networks_snapshot_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE organisation_addressproof (
    id bigint NOT NULL,
    email character varying(254) NOT NULL,
    digest character varying(64) NOT NULL,
    expires timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);
ALTER TABLE organisation_addressproof ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME organisation_addressproof_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE organisation_alarm (
    id bigint NOT NULL,
    reason character varying(20) NOT NULL,
    about character varying(120) NOT NULL,
    facts jsonb NOT NULL,
    note character varying(300) NOT NULL,
    created timestamp with time zone NOT NULL,
    next_at timestamp with time zone,
    acknowledged_at timestamp with time zone,
    acknowledged_by_id bigint,
    brand_id bigint NOT NULL,
    by_id bigint
);
ALTER TABLE organisation_alarm ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME organisation_alarm_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE organisation_alarmcall (
    id bigint NOT NULL,
    step character varying(5) NOT NULL,
    at timestamp with time zone NOT NULL,
    alarm_id bigint NOT NULL,
    user_id bigint NOT NULL
);
ALTER TABLE organisation_alarmcall ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME organisation_alarmcall_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE organisation_apitoken (
    id bigint NOT NULL,
    name character varying(80) NOT NULL,
    beginning character varying(10) NOT NULL,
    digest character varying(64) NOT NULL,
    scopes character varying(30)[] NOT NULL,
    expires timestamp with time zone,
    used_at timestamp with time zone,
    created timestamp with time zone NOT NULL,
    brand_id bigint,
    user_id bigint NOT NULL
);
ALTER TABLE organisation_apitoken ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME organisation_apitoken_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE organisation_auditentry (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    who character varying(254) NOT NULL,
    what character varying(60) NOT NULL,
    about_kind character varying(60) NOT NULL,
    about_id bigint,
    facts jsonb NOT NULL,
    via character varying(8) NOT NULL,
    address character varying(45) NOT NULL,
    brand_id bigint,
    user_id bigint,
    CONSTRAINT audit_via_known CHECK (((via)::text = ANY (ARRAY[('page'::character varying)::text, ('api'::character varying)::text, ('command'::character varying)::text, ('job'::character varying)::text])))
);
ALTER TABLE organisation_auditentry ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME organisation_auditentry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE organisation_brand (
    id bigint NOT NULL,
    name character varying(120) NOT NULL,
    slug character varying(50) NOT NULL,
    created timestamp with time zone NOT NULL,
    archived_at timestamp with time zone,
    archived_by_id bigint,
    language character varying(8) NOT NULL,
    sign character varying(2) NOT NULL,
    time_zone character varying(60) NOT NULL,
    tint smallint,
    shielded_at timestamp with time zone,
    shielded_by_id bigint,
    duty_minutes smallint DEFAULT 5 NOT NULL,
    CONSTRAINT organisation_brand_duty_minutes_check CHECK ((duty_minutes >= 0)),
    CONSTRAINT organisation_brand_tint_check CHECK ((tint >= 0))
);
ALTER TABLE organisation_brand ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME organisation_brand_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE organisation_companydomain (
    id bigint NOT NULL,
    domain character varying(253) NOT NULL,
    created timestamp with time zone NOT NULL,
    brand_id bigint NOT NULL,
    by_id bigint
);
ALTER TABLE organisation_companydomain ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME organisation_companydomain_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE organisation_departure (
    id bigint NOT NULL,
    role character varying(8) NOT NULL,
    at timestamp with time zone NOT NULL,
    brand_id bigint NOT NULL,
    by_id bigint,
    user_id bigint NOT NULL,
    over boolean DEFAULT false NOT NULL
);
ALTER TABLE organisation_departure ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME organisation_departure_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE organisation_device (
    id bigint NOT NULL,
    endpoint text NOT NULL,
    keys bytea NOT NULL,
    name character varying(120) NOT NULL,
    created timestamp with time zone NOT NULL,
    told_at timestamp with time zone,
    user_id bigint NOT NULL
);
ALTER TABLE organisation_device ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME organisation_device_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE organisation_dispatch (
    id bigint NOT NULL,
    way character varying(8) NOT NULL,
    state character varying(8) NOT NULL,
    due timestamp with time zone NOT NULL,
    tries smallint NOT NULL,
    code character varying(60) NOT NULL,
    claimed_at timestamp with time zone,
    done_at timestamp with time zone,
    reach_id bigint NOT NULL,
    CONSTRAINT dispatch_state_known CHECK (((state)::text = ANY (ARRAY[('waiting'::character varying)::text, ('sending'::character varying)::text, ('sent'::character varying)::text, ('failed'::character varying)::text, ('dropped'::character varying)::text]))),
    CONSTRAINT organisation_dispatch_tries_check CHECK ((tries >= 0))
);
ALTER TABLE organisation_dispatch ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME organisation_dispatch_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE organisation_hours (
    id bigint NOT NULL,
    name character varying(60) NOT NULL,
    zone character varying(60) NOT NULL,
    week jsonb NOT NULL,
    days_off jsonb NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    brand_id bigint NOT NULL,
    changed_by_id bigint
);
ALTER TABLE organisation_hours ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME organisation_hours_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE organisation_informationpage (
    id bigint NOT NULL,
    controller text NOT NULL,
    contact text NOT NULL,
    officer text NOT NULL,
    changed timestamp with time zone NOT NULL,
    brand_id bigint NOT NULL
);
ALTER TABLE organisation_informationpage ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME organisation_informationpage_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE organisation_invitation (
    id bigint NOT NULL,
    email character varying(254) NOT NULL,
    role character varying(8) NOT NULL,
    created timestamp with time zone NOT NULL,
    expires timestamp with time zone NOT NULL,
    mailed_at timestamp with time zone,
    accepted_at timestamp with time zone,
    withdrawn_at timestamp with time zone,
    accepted_by_id bigint,
    brand_id bigint NOT NULL,
    by_id bigint,
    withdrawn_by_id bigint,
    on_behalf_of character varying(80) DEFAULT ''::character varying NOT NULL,
    until timestamp with time zone,
    channels bigint[],
    CONSTRAINT invitation_ends_once CHECK (((accepted_at IS NULL) OR (withdrawn_at IS NULL))),
    CONSTRAINT invitation_role_known CHECK (((role)::text = ANY (ARRAY[('reader'::character varying)::text, ('agent'::character varying)::text, ('manager'::character varying)::text, ('owner'::character varying)::text]))),
    CONSTRAINT invited_managers_see_all CHECK (((channels IS NULL) OR ((role)::text = ANY (ARRAY[('reader'::character varying)::text, ('agent'::character varying)::text])))),
    CONSTRAINT invited_owners_stay CHECK (((until IS NULL) OR (NOT ((role)::text = 'owner'::text))))
);
ALTER TABLE organisation_invitation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME organisation_invitation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE organisation_invitationlink (
    id bigint NOT NULL,
    digest character varying(64) NOT NULL,
    mailed boolean NOT NULL,
    created timestamp with time zone NOT NULL,
    invitation_id bigint NOT NULL
);
ALTER TABLE organisation_invitationlink ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME organisation_invitationlink_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE organisation_joinrequest (
    id bigint NOT NULL,
    created timestamp with time zone NOT NULL,
    answered_at timestamp with time zone,
    role character varying(8) NOT NULL,
    answered_by_id bigint,
    brand_id bigint NOT NULL,
    user_id bigint NOT NULL,
    CONSTRAINT request_role_known CHECK (((role)::text = ANY (ARRAY[(''::character varying)::text, ('reader'::character varying)::text, ('agent'::character varying)::text, ('manager'::character varying)::text, ('owner'::character varying)::text])))
);
ALTER TABLE organisation_joinrequest ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME organisation_joinrequest_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE organisation_membership (
    id bigint NOT NULL,
    role character varying(8) NOT NULL,
    created timestamp with time zone NOT NULL,
    brand_id bigint NOT NULL,
    user_id bigint NOT NULL,
    on_behalf_of character varying(80) DEFAULT ''::character varying NOT NULL,
    until timestamp with time zone,
    channels bigint[],
    CONSTRAINT managers_see_all CHECK (((channels IS NULL) OR ((role)::text = ANY (ARRAY[('reader'::character varying)::text, ('agent'::character varying)::text])))),
    CONSTRAINT membership_role_known CHECK (((role)::text = ANY (ARRAY[('reader'::character varying)::text, ('agent'::character varying)::text, ('manager'::character varying)::text, ('owner'::character varying)::text]))),
    CONSTRAINT owners_stay CHECK (((until IS NULL) OR (NOT ((role)::text = 'owner'::text))))
);
ALTER TABLE organisation_membership ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME organisation_membership_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE organisation_notice (
    id bigint NOT NULL,
    code character varying(60) NOT NULL,
    about character varying(120) NOT NULL,
    facts jsonb NOT NULL,
    created timestamp with time zone NOT NULL,
    settled_at timestamp with time zone,
    brand_id bigint NOT NULL,
    to_id bigint
);
ALTER TABLE organisation_notice ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME organisation_notice_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE UNLOGGED TABLE organisation_pace (
    name character varying(80) NOT NULL,
    whole_at timestamp with time zone NOT NULL
)
WITH (fillfactor='50', autovacuum_vacuum_threshold='1000');
CREATE TABLE organisation_purgerun (
    id bigint NOT NULL,
    kind character varying(40) NOT NULL,
    day date NOT NULL,
    removed bigint NOT NULL,
    finished boolean NOT NULL,
    brand_id bigint,
    CONSTRAINT organisation_purgerun_removed_check CHECK ((removed >= 0))
);
ALTER TABLE organisation_purgerun ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME organisation_purgerun_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE organisation_reach (
    id bigint NOT NULL,
    created timestamp with time zone NOT NULL,
    seen_at timestamp with time zone,
    notice_id bigint NOT NULL,
    user_id bigint NOT NULL
);
ALTER TABLE organisation_reach ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME organisation_reach_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE organisation_retention (
    id bigint NOT NULL,
    kind character varying(40) NOT NULL,
    days integer NOT NULL,
    brand_id bigint NOT NULL,
    CONSTRAINT organisation_retention_days_check CHECK ((days >= 0))
);
ALTER TABLE organisation_retention ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME organisation_retention_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE organisation_secondsteprule (
    brand_id bigint NOT NULL,
    since timestamp with time zone NOT NULL,
    by_id bigint
);
CREATE TABLE organisation_session (
    digest character varying(64) NOT NULL,
    sealed text NOT NULL,
    ends timestamp with time zone NOT NULL,
    began timestamp with time zone NOT NULL,
    seen timestamp with time zone NOT NULL,
    address character varying(45) NOT NULL,
    device character varying(80) NOT NULL,
    user_id bigint
);
CREATE TABLE organisation_shift (
    id bigint NOT NULL,
    place smallint NOT NULL,
    weekday smallint,
    day date,
    begins smallint NOT NULL,
    lasts integer NOT NULL,
    created timestamp with time zone NOT NULL,
    brand_id bigint NOT NULL,
    made_by_id bigint,
    user_id bigint NOT NULL,
    CONSTRAINT organisation_shift_begins_check CHECK ((begins >= 0)),
    CONSTRAINT organisation_shift_lasts_check CHECK ((lasts >= 0)),
    CONSTRAINT organisation_shift_place_check CHECK ((place >= 0)),
    CONSTRAINT organisation_shift_weekday_check CHECK ((weekday >= 0)),
    CONSTRAINT shift_in_bounds CHECK (((begins < 1440) AND ((lasts >= 1) AND (lasts <= 44640)) AND ((place >= 1) AND (place <= 3)))),
    CONSTRAINT shift_of_a_week_or_a_date CHECK ((((day IS NOT NULL) AND (weekday IS NULL)) OR ((day IS NULL) AND ((weekday >= 0) AND (weekday <= 6)))))
);
ALTER TABLE organisation_shift ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME organisation_shift_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE organisation_signinlink (
    id bigint NOT NULL,
    digest character varying(64) NOT NULL,
    expires timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    user_id bigint NOT NULL
);
ALTER TABLE organisation_signinlink ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME organisation_signinlink_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE organisation_taste (
    id bigint NOT NULL,
    choices jsonb NOT NULL,
    zone character varying(60) NOT NULL,
    quiet_from time without time zone,
    quiet_until time without time zone,
    quiet_days jsonb NOT NULL,
    digest_at time without time zone NOT NULL,
    chat bytea,
    user_id bigint NOT NULL
);
ALTER TABLE organisation_taste ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME organisation_taste_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE organisation_team (
    id bigint NOT NULL,
    name character varying(60) NOT NULL,
    brand_id bigint NOT NULL
);
ALTER TABLE organisation_team ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME organisation_team_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE organisation_teammember (
    id bigint NOT NULL,
    team_id bigint NOT NULL,
    user_id bigint NOT NULL
);
ALTER TABLE organisation_teammember ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME organisation_teammember_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE organisation_tries (
    id bigint NOT NULL,
    account character varying(64) NOT NULL,
    place character varying(64) NOT NULL,
    count integer NOT NULL,
    last timestamp with time zone NOT NULL,
    until timestamp with time zone NOT NULL,
    CONSTRAINT organisation_tries_count_check CHECK ((count >= 0))
);
ALTER TABLE organisation_tries ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME organisation_tries_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE organisation_user (
    id bigint NOT NULL,
    password character varying(128) NOT NULL,
    last_login timestamp with time zone,
    email character varying(254) NOT NULL,
    name character varying(120) NOT NULL,
    is_active boolean NOT NULL,
    language character varying(8) NOT NULL,
    theme character varying(8) NOT NULL,
    density character varying(12) NOT NULL,
    shortcuts boolean NOT NULL,
    shortcuts_off jsonb NOT NULL,
    created timestamp with time zone NOT NULL,
    sessions_ended integer NOT NULL,
    CONSTRAINT organisation_user_sessions_ended_check CHECK ((sessions_ended >= 0))
);
ALTER TABLE organisation_user ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME organisation_user_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE organisation_webhook (
    id bigint NOT NULL,
    address text NOT NULL,
    events character varying(30)[] NOT NULL,
    sealed bytea NOT NULL,
    sealed_before bytea,
    rotated_at timestamp with time zone,
    "on" boolean NOT NULL,
    code character varying(30) NOT NULL,
    failures integer NOT NULL,
    failing_since timestamp with time zone,
    rests_until timestamp with time zone,
    created timestamp with time zone NOT NULL,
    brand_id bigint NOT NULL,
    made_by_id bigint,
    CONSTRAINT organisation_webhook_failures_check CHECK ((failures >= 0))
);
ALTER TABLE organisation_webhook ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME organisation_webhook_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE organisation_webhookattempt (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    status smallint,
    code character varying(30) NOT NULL,
    took integer NOT NULL,
    answer character varying(1000) NOT NULL,
    call_id bigint NOT NULL,
    CONSTRAINT organisation_webhookattempt_status_check CHECK ((status >= 0)),
    CONSTRAINT organisation_webhookattempt_took_check CHECK ((took >= 0))
);
ALTER TABLE organisation_webhookattempt ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME organisation_webhookattempt_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE organisation_webhookcall (
    id bigint NOT NULL,
    event character varying(40) NOT NULL,
    kind character varying(30) NOT NULL,
    data jsonb NOT NULL,
    at timestamp with time zone NOT NULL,
    state character varying(8) NOT NULL,
    tries integer NOT NULL,
    queued timestamp with time zone NOT NULL,
    due timestamp with time zone NOT NULL,
    code character varying(30) NOT NULL,
    webhook_id bigint NOT NULL,
    CONSTRAINT organisation_webhookcall_tries_check CHECK ((tries >= 0)),
    CONSTRAINT webhook_call_state_known CHECK (((state)::text = ANY (ARRAY[('waiting'::character varying)::text, ('taken'::character varying)::text, ('failed'::character varying)::text])))
);
ALTER TABLE organisation_webhookcall ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME organisation_webhookcall_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE procrastinate_events (
    id bigint NOT NULL,
    job_id bigint NOT NULL,
    type procrastinate_job_event_type,
    at timestamp with time zone DEFAULT now()
);
CREATE SEQUENCE procrastinate_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE procrastinate_events_id_seq OWNED BY procrastinate_events.id;
CREATE SEQUENCE procrastinate_jobs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE procrastinate_jobs_id_seq OWNED BY procrastinate_jobs.id;
CREATE TABLE procrastinate_periodic_defers (
    id bigint NOT NULL,
    task_name character varying(128) NOT NULL,
    defer_timestamp bigint,
    job_id bigint,
    periodic_id character varying(128) DEFAULT ''::character varying NOT NULL
);
CREATE SEQUENCE procrastinate_periodic_defers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE procrastinate_periodic_defers_id_seq OWNED BY procrastinate_periodic_defers.id;
CREATE TABLE procrastinate_workers (
    id bigint NOT NULL,
    last_heartbeat timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE procrastinate_workers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME procrastinate_workers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE publishing_approval (
    id bigint NOT NULL,
    number integer NOT NULL,
    shown jsonb NOT NULL,
    place smallint NOT NULL,
    role character varying(8) NOT NULL,
    who character varying(80) NOT NULL,
    asked timestamp with time zone NOT NULL,
    digest character varying(64),
    expires timestamp with time zone,
    decision character varying(10) NOT NULL,
    decided timestamp with time zone,
    words text NOT NULL,
    by_id bigint,
    post_id bigint NOT NULL,
    CONSTRAINT approval_decided_at_some_time CHECK ((((decided IS NULL) AND ((decision)::text = ''::text)) OR ((decided IS NOT NULL) AND ((decision)::text > ''::text)))),
    CONSTRAINT publishing_approval_number_check CHECK ((number >= 0)),
    CONSTRAINT publishing_approval_place_check CHECK ((place >= 0))
);
ALTER TABLE publishing_approval ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME publishing_approval_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE publishing_approvalstep (
    id bigint NOT NULL,
    place smallint NOT NULL,
    role character varying(8) NOT NULL,
    who character varying(80) NOT NULL,
    brand_id bigint NOT NULL,
    CONSTRAINT approval_step_of_somebody CHECK (((((role)::text = ''::text) AND ((who)::text > ''::text)) OR (((role)::text > ''::text) AND ((who)::text = ''::text)))),
    CONSTRAINT publishing_approvalstep_place_check CHECK ((place >= 0))
);
ALTER TABLE publishing_approvalstep ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME publishing_approvalstep_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE publishing_asset (
    id bigint NOT NULL,
    name character varying(120) NOT NULL,
    mime character varying(80) NOT NULL,
    content bytea NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    alt text NOT NULL,
    made timestamp with time zone NOT NULL,
    brand_id bigint NOT NULL,
    by_id bigint,
    credit character varying(200) DEFAULT ''::character varying NOT NULL,
    expires date,
    licence character varying(200) DEFAULT ''::character varying NOT NULL,
    put_away timestamp with time zone,
    rights character varying(8) DEFAULT 'unsaid'::character varying NOT NULL,
    source character varying(1000) DEFAULT ''::character varying NOT NULL,
    tags character varying(40)[] DEFAULT '{}'::character varying(40)[] NOT NULL,
    CONSTRAINT asset_rights_known CHECK (((rights)::text = ANY (ARRAY[('unsaid'::character varying)::text, ('ours'::character varying)::text, ('licensed'::character varying)::text, ('allowed'::character varying)::text, ('asked'::character varying)::text, ('refused'::character varying)::text]))),
    CONSTRAINT publishing_asset_height_check CHECK ((height >= 0)),
    CONSTRAINT publishing_asset_width_check CHECK ((width >= 0))
);
ALTER TABLE publishing_asset ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME publishing_asset_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE publishing_calendarfeed (
    id bigint NOT NULL,
    digest character varying(64) NOT NULL,
    made timestamp with time zone NOT NULL,
    read timestamp with time zone,
    brand_id bigint NOT NULL,
    user_id bigint NOT NULL
);
ALTER TABLE publishing_calendarfeed ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME publishing_calendarfeed_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE publishing_campaign (
    id bigint NOT NULL,
    name character varying(80) NOT NULL,
    purpose text NOT NULL,
    first date,
    last date,
    closed timestamp with time zone,
    made timestamp with time zone NOT NULL,
    brand_id bigint NOT NULL,
    CONSTRAINT campaign_has_purpose CHECK ((NOT (purpose = ''::text))),
    CONSTRAINT campaign_takes_time CHECK (((first IS NULL) OR (last IS NULL) OR (last >= first)))
);
ALTER TABLE publishing_campaign ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME publishing_campaign_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE publishing_click (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    visitor character varying(32) NOT NULL,
    bot boolean NOT NULL,
    counted boolean NOT NULL,
    link_id bigint NOT NULL
);
ALTER TABLE publishing_click ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME publishing_click_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE publishing_clickcount (
    id bigint NOT NULL,
    hour timestamp with time zone NOT NULL,
    clicks integer NOT NULL,
    repeats integer NOT NULL,
    bots integer NOT NULL,
    link_id bigint NOT NULL,
    CONSTRAINT publishing_clickcount_bots_check CHECK ((bots >= 0)),
    CONSTRAINT publishing_clickcount_clicks_check CHECK ((clicks >= 0)),
    CONSTRAINT publishing_clickcount_repeats_check CHECK ((repeats >= 0))
);
ALTER TABLE publishing_clickcount ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME publishing_clickcount_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE publishing_daynote (
    id bigint NOT NULL,
    first date NOT NULL,
    last date NOT NULL,
    title character varying(80) NOT NULL,
    text text NOT NULL,
    colour character varying(6) NOT NULL,
    changed timestamp with time zone NOT NULL,
    removed timestamp with time zone,
    brand_id bigint NOT NULL,
    by_id bigint,
    CONSTRAINT day_note_says_something CHECK ((NOT ((title)::text = ''::text))),
    CONSTRAINT day_note_takes_time CHECK ((last >= first))
);
ALTER TABLE publishing_daynote ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME publishing_daynote_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE publishing_destination (
    id bigint NOT NULL,
    language character varying(8) NOT NULL,
    state character varying(10) NOT NULL,
    due timestamp with time zone,
    code character varying(60) NOT NULL,
    facts jsonb NOT NULL,
    channel_id bigint NOT NULL,
    post_id bigint NOT NULL,
    CONSTRAINT destination_state_known CHECK (((state)::text = ANY (ARRAY[('waiting'::character varying)::text, ('leaving'::character varying)::text, ('published'::character varying)::text, ('refused'::character varying)::text, ('uncertain'::character varying)::text, ('asking'::character varying)::text, ('withdrawn'::character varying)::text])))
);
ALTER TABLE publishing_destination ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME publishing_destination_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE publishing_evergreen (
    id bigint NOT NULL,
    every smallint NOT NULL,
    until date,
    ended timestamp with time zone,
    by_id bigint,
    post_id bigint NOT NULL,
    CONSTRAINT evergreen_takes_time CHECK (((every >= 1) AND (every <= 730))),
    CONSTRAINT publishing_evergreen_every_check CHECK ((every >= 0))
);
ALTER TABLE publishing_evergreen ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME publishing_evergreen_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE publishing_foundpiece (
    id bigint NOT NULL,
    title character varying(200) NOT NULL,
    link text NOT NULL,
    digest character varying(64) NOT NULL,
    author character varying(120) NOT NULL,
    handles jsonb NOT NULL,
    note text NOT NULL,
    tags character varying(40)[] NOT NULL,
    folded text NOT NULL,
    found timestamp with time zone NOT NULL,
    aside timestamp with time zone,
    brand_id bigint NOT NULL,
    by_id bigint,
    thanks boolean NOT NULL,
    CONSTRAINT found_piece_of_somebody CHECK (((NOT ((author)::text = ''::text)) AND (NOT (link = ''::text))))
);
ALTER TABLE publishing_foundpiece ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME publishing_foundpiece_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE publishing_illustration (
    id bigint NOT NULL,
    place smallint NOT NULL,
    alt text NOT NULL,
    asset_id bigint NOT NULL,
    post_id bigint NOT NULL,
    CONSTRAINT publishing_illustration_place_check CHECK ((place >= 0))
);
ALTER TABLE publishing_illustration ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME publishing_illustration_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE publishing_importedpost (
    id bigint NOT NULL,
    sheet character varying(100) NOT NULL,
    line integer NOT NULL,
    digest character varying(64) NOT NULL,
    brand_id bigint NOT NULL,
    post_id bigint NOT NULL,
    imported_id bigint NOT NULL,
    CONSTRAINT publishing_importedpost_line_check CHECK ((line >= 0))
);
ALTER TABLE publishing_importedpost ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME publishing_importedpost_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE publishing_linkrule (
    id bigint NOT NULL,
    place smallint NOT NULL,
    hosts character varying(253)[] NOT NULL,
    source character varying(100) NOT NULL,
    medium character varying(100) NOT NULL,
    campaign character varying(100) NOT NULL,
    content character varying(100) NOT NULL,
    term character varying(100) NOT NULL,
    brand_id bigint NOT NULL,
    CONSTRAINT publishing_linkrule_place_check CHECK ((place >= 0))
);
ALTER TABLE publishing_linkrule ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME publishing_linkrule_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE publishing_mentionee (
    id bigint NOT NULL,
    name character varying(80) NOT NULL,
    folded character varying(160) NOT NULL,
    handles jsonb NOT NULL,
    brand_id bigint NOT NULL,
    CONSTRAINT mentionee_has_a_name CHECK ((NOT ((folded)::text = ''::text)))
);
ALTER TABLE publishing_mentionee ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME publishing_mentionee_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE publishing_ownpage (
    id bigint NOT NULL,
    slug character varying(50) NOT NULL,
    title character varying(80) NOT NULL,
    languages character varying(8)[] NOT NULL,
    abouts jsonb NOT NULL,
    sites text[] NOT NULL,
    countries character varying(2)[] NOT NULL,
    opened timestamp with time zone,
    version bigint NOT NULL,
    changed timestamp with time zone NOT NULL,
    brand_id bigint NOT NULL,
    channel_id bigint NOT NULL,
    CONSTRAINT publishing_ownpage_version_check CHECK ((version >= 0))
);
ALTER TABLE publishing_ownpage ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME publishing_ownpage_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE publishing_pageentry (
    id bigint NOT NULL,
    word character varying(20) NOT NULL,
    language character varying(8) NOT NULL,
    languages character varying(8)[] NOT NULL,
    countries character varying(2)[] NOT NULL,
    published timestamp with time zone NOT NULL,
    changed timestamp with time zone NOT NULL,
    taken_back timestamp with time zone,
    destination_id bigint,
    page_id bigint NOT NULL
);
ALTER TABLE publishing_pageentry ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME publishing_pageentry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE publishing_pagepicture (
    id bigint NOT NULL,
    place smallint NOT NULL,
    content bytea NOT NULL,
    mime character varying(80) NOT NULL,
    alt text NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    entry_id bigint NOT NULL,
    CONSTRAINT publishing_pagepicture_height_check CHECK ((height >= 0)),
    CONSTRAINT publishing_pagepicture_place_check CHECK ((place >= 0)),
    CONSTRAINT publishing_pagepicture_width_check CHECK ((width >= 0))
);
ALTER TABLE publishing_pagepicture ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME publishing_pagepicture_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE publishing_pagetext (
    id bigint NOT NULL,
    language character varying(8) NOT NULL,
    parts jsonb NOT NULL,
    warning text NOT NULL,
    entry_id bigint NOT NULL
);
ALTER TABLE publishing_pagetext ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME publishing_pagetext_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE publishing_permission (
    id bigint NOT NULL,
    state character varying(8) NOT NULL,
    question text NOT NULL,
    asked timestamp with time zone NOT NULL,
    proof text NOT NULL,
    proof_url text NOT NULL,
    answered timestamp with time zone,
    asset_id bigint NOT NULL,
    by_id bigint,
    delivery_id bigint,
    person_id bigint,
    settled_by_id bigint,
    target_id bigint,
    CONSTRAINT permission_has_its_proof CHECK (((NOT ((state)::text = 'granted'::text)) OR (NOT (proof = ''::text)))),
    CONSTRAINT permission_state_known CHECK (((state)::text = ANY (ARRAY[('asked'::character varying)::text, ('granted'::character varying)::text, ('refused'::character varying)::text])))
);
ALTER TABLE publishing_permission ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME publishing_permission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE publishing_post (
    id bigint NOT NULL,
    title character varying(120) NOT NULL,
    language character varying(8) NOT NULL,
    number integer NOT NULL,
    state character varying(10) NOT NULL,
    reason character varying(200) NOT NULL,
    day date,
    hour time without time zone,
    zone character varying(60) NOT NULL,
    due timestamp with time zone,
    made timestamp with time zone NOT NULL,
    changed timestamp with time zone NOT NULL,
    author_id bigint,
    brand_id bigint NOT NULL,
    campaign_id bigint,
    queued boolean NOT NULL,
    CONSTRAINT post_leaves_at_some_time CHECK (((NOT ((state)::text = ANY (ARRAY[('scheduled'::character varying)::text, ('leaving'::character varying)::text]))) OR (due IS NOT NULL))),
    CONSTRAINT post_state_known CHECK (((state)::text = ANY (ARRAY[('idea'::character varying)::text, ('draft'::character varying)::text, ('review'::character varying)::text, ('changes'::character varying)::text, ('declined'::character varying)::text, ('approved'::character varying)::text, ('scheduled'::character varying)::text, ('missed'::character varying)::text, ('leaving'::character varying)::text, ('asking'::character varying)::text, ('published'::character varying)::text, ('partly'::character varying)::text, ('failed'::character varying)::text, ('cancelled'::character varying)::text]))),
    CONSTRAINT publishing_post_number_check CHECK ((number >= 0))
);
ALTER TABLE publishing_post ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME publishing_post_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE publishing_postimport (
    id bigint NOT NULL,
    name character varying(120) NOT NULL,
    digest character varying(64) NOT NULL,
    sheets jsonb NOT NULL,
    state character varying(8) NOT NULL,
    every boolean NOT NULL,
    schedule boolean NOT NULL,
    total integer NOT NULL,
    done integer NOT NULL,
    faults jsonb NOT NULL,
    made timestamp with time zone NOT NULL,
    brand_id bigint NOT NULL,
    by_id bigint,
    CONSTRAINT post_import_state_known CHECK (((state)::text = ANY (ARRAY[('checked'::character varying)::text, ('running'::character varying)::text, ('done'::character varying)::text]))),
    CONSTRAINT publishing_postimport_done_check CHECK ((done >= 0)),
    CONSTRAINT publishing_postimport_total_check CHECK ((total >= 0))
);
ALTER TABLE publishing_postimport ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME publishing_postimport_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE publishing_postsegment (
    id bigint NOT NULL,
    post_id bigint NOT NULL,
    segment_id bigint NOT NULL
);
ALTER TABLE publishing_postsegment ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME publishing_postsegment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE publishing_publicholidays (
    id bigint NOT NULL,
    place character varying(20) NOT NULL,
    upto smallint NOT NULL,
    days jsonb NOT NULL,
    brand_id bigint NOT NULL,
    CONSTRAINT publishing_publicholidays_upto_check CHECK ((upto >= 0))
);
ALTER TABLE publishing_publicholidays ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME publishing_publicholidays_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE publishing_remark (
    id bigint NOT NULL,
    number integer NOT NULL,
    who character varying(80) NOT NULL,
    text text NOT NULL,
    internal boolean NOT NULL,
    at timestamp with time zone NOT NULL,
    by_id bigint,
    post_id bigint NOT NULL,
    CONSTRAINT publishing_remark_number_check CHECK ((number >= 0))
);
ALTER TABLE publishing_remark ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME publishing_remark_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE publishing_repetition (
    id bigint NOT NULL,
    evergreen_id bigint NOT NULL,
    post_id bigint NOT NULL
);
ALTER TABLE publishing_repetition ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME publishing_repetition_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE publishing_segment (
    id bigint NOT NULL,
    name character varying(80) NOT NULL,
    countries character varying(2)[] NOT NULL,
    languages character varying(8)[] NOT NULL,
    retired timestamp with time zone,
    made timestamp with time zone NOT NULL,
    brand_id bigint NOT NULL,
    CONSTRAINT segment_reads_something CHECK ((NOT (languages = '{}'::character varying(8)[])))
);
ALTER TABLE publishing_segment ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME publishing_segment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE publishing_serving (
    id bigint NOT NULL,
    language character varying(8) NOT NULL,
    channel_id bigint NOT NULL,
    segment_id bigint NOT NULL
);
ALTER TABLE publishing_serving ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME publishing_serving_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE publishing_sharing (
    id bigint NOT NULL,
    piece_id bigint NOT NULL,
    post_id bigint NOT NULL
);
ALTER TABLE publishing_sharing ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME publishing_sharing_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE publishing_shortening (
    id bigint NOT NULL,
    "on" boolean NOT NULL,
    host character varying(253) NOT NULL,
    brand_id bigint NOT NULL
);
ALTER TABLE publishing_shortening ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME publishing_shortening_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE publishing_shortlink (
    id bigint NOT NULL,
    host character varying(253) NOT NULL,
    code character varying(8) NOT NULL,
    target text NOT NULL,
    digest character varying(64) NOT NULL,
    note character varying(120) NOT NULL,
    made timestamp with time zone NOT NULL,
    removed timestamp with time zone,
    brand_id bigint NOT NULL,
    by_id bigint,
    destination_id bigint
);
ALTER TABLE publishing_shortlink ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME publishing_shortlink_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE publishing_slot (
    id bigint NOT NULL,
    weekday smallint NOT NULL,
    hour time without time zone NOT NULL,
    channel_id bigint NOT NULL,
    CONSTRAINT publishing_slot_weekday_check CHECK ((weekday >= 0)),
    CONSTRAINT slot_weekday_known CHECK ((weekday <= 6))
);
ALTER TABLE publishing_slot ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME publishing_slot_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE publishing_step (
    id bigint NOT NULL,
    place smallint NOT NULL,
    kind character varying(8) NOT NULL,
    delivery_id bigint NOT NULL,
    destination_id bigint NOT NULL,
    CONSTRAINT publishing_step_place_check CHECK ((place >= 0))
);
ALTER TABLE publishing_step ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME publishing_step_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE publishing_timetable (
    id bigint NOT NULL,
    zone character varying(60) NOT NULL,
    channel_id bigint NOT NULL,
    warn_days smallint DEFAULT 3 NOT NULL,
    CONSTRAINT publishing_timetable_warn_days_check CHECK ((warn_days >= 0))
);
ALTER TABLE publishing_timetable ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME publishing_timetable_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE publishing_unkept (
    id bigint NOT NULL,
    fields text NOT NULL,
    noted timestamp with time zone NOT NULL,
    brand_id bigint NOT NULL,
    post_id bigint,
    user_id bigint NOT NULL
);
ALTER TABLE publishing_unkept ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME publishing_unkept_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE publishing_variant (
    id bigint NOT NULL,
    language character varying(8) NOT NULL,
    network character varying(30) NOT NULL,
    parts jsonb,
    comment text,
    warning text,
    channel_id bigint,
    post_id bigint NOT NULL,
    bands bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    CONSTRAINT variant_of_channel_or_network CHECK (((channel_id IS NULL) OR ((network)::text = ''::text)))
);
ALTER TABLE publishing_variant ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME publishing_variant_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE publishing_video (
    id bigint NOT NULL,
    size bigint NOT NULL,
    seconds double precision NOT NULL,
    frames double precision NOT NULL,
    codec character varying(40) NOT NULL,
    sound character varying(40) NOT NULL,
    says_where boolean NOT NULL,
    asset_id bigint NOT NULL
);
ALTER TABLE publishing_video ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME publishing_video_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE publishing_videopiece (
    id bigint NOT NULL,
    place integer NOT NULL,
    content bytea NOT NULL,
    video_id bigint NOT NULL,
    CONSTRAINT publishing_videopiece_place_check CHECK ((place >= 0))
);
ALTER TABLE publishing_videopiece ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME publishing_videopiece_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE socialaccount_socialaccount (
    id integer NOT NULL,
    provider character varying(200) NOT NULL,
    uid character varying(191) NOT NULL,
    last_login timestamp with time zone NOT NULL,
    date_joined timestamp with time zone NOT NULL,
    extra_data jsonb NOT NULL,
    user_id bigint NOT NULL
);
ALTER TABLE socialaccount_socialaccount ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME socialaccount_socialaccount_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE socialaccount_socialapp (
    id integer NOT NULL,
    provider character varying(30) NOT NULL,
    name character varying(40) NOT NULL,
    client_id character varying(191) NOT NULL,
    secret character varying(191) NOT NULL,
    key character varying(191) NOT NULL,
    provider_id character varying(200) NOT NULL,
    settings jsonb NOT NULL
);
ALTER TABLE socialaccount_socialapp ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME socialaccount_socialapp_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE socialaccount_socialtoken (
    id integer NOT NULL,
    token text NOT NULL,
    token_secret text NOT NULL,
    expires_at timestamp with time zone,
    account_id integer NOT NULL,
    app_id integer
);
ALTER TABLE socialaccount_socialtoken ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME socialaccount_socialtoken_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE upkeep_tally (
    network character varying(30) NOT NULL,
    received bigint NOT NULL,
    up_to bigint NOT NULL
);
ALTER TABLE ONLY procrastinate_events ALTER COLUMN id SET DEFAULT nextval('procrastinate_events_id_seq'::regclass);
ALTER TABLE ONLY procrastinate_jobs ALTER COLUMN id SET DEFAULT nextval('procrastinate_jobs_id_seq'::regclass);
ALTER TABLE ONLY procrastinate_periodic_defers ALTER COLUMN id SET DEFAULT nextval('procrastinate_periodic_defers_id_seq'::regclass);
ALTER TABLE ONLY account_emailaddress
    ADD CONSTRAINT account_emailaddress_pkey PRIMARY KEY (id);
ALTER TABLE ONLY account_emailaddress
    ADD CONSTRAINT account_emailaddress_user_id_email_987c8728_uniq UNIQUE (user_id, email);
ALTER TABLE ONLY account_emailconfirmation
    ADD CONSTRAINT account_emailconfirmation_key_key UNIQUE (key);
ALTER TABLE ONLY account_emailconfirmation
    ADD CONSTRAINT account_emailconfirmation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY networks_accountsnapshot
    ADD CONSTRAINT account_snapshot_once UNIQUE (channel_id, day);
ALTER TABLE ONLY networks_activity
    ADD CONSTRAINT activity_once UNIQUE (network, remote_id);
ALTER TABLE ONLY networks_actor
    ADD CONSTRAINT actor_once UNIQUE (network, remote_id);
ALTER TABLE ONLY inbox_part
    ADD CONSTRAINT answered_once_a_release UNIQUE (release_id, thread_id);
ALTER TABLE ONLY publishing_approvalstep
    ADD CONSTRAINT approval_step_once UNIQUE (brand_id, place);
ALTER TABLE ONLY networks_audience
    ADD CONSTRAINT audience_once UNIQUE (activity_id, channel_id);
ALTER TABLE ONLY auth_group
    ADD CONSTRAINT auth_group_name_key UNIQUE (name);
ALTER TABLE ONLY auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_permission_id_0cd325b0_uniq UNIQUE (group_id, permission_id);
ALTER TABLE ONLY auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY auth_group
    ADD CONSTRAINT auth_group_pkey PRIMARY KEY (id);
ALTER TABLE ONLY auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_codename_01ab375a_uniq UNIQUE (content_type_id, codename);
ALTER TABLE ONLY auth_permission
    ADD CONSTRAINT auth_permission_pkey PRIMARY KEY (id);
ALTER TABLE ONLY cache
    ADD CONSTRAINT cache_pkey PRIMARY KEY (cache_key);
ALTER TABLE ONLY publishing_calendarfeed
    ADD CONSTRAINT calendar_feed_once UNIQUE (brand_id, user_id);
ALTER TABLE ONLY organisation_alarmcall
    ADD CONSTRAINT called_once UNIQUE (alarm_id, user_id);
ALTER TABLE ONLY publishing_campaign
    ADD CONSTRAINT campaign_once UNIQUE (brand_id, name);
ALTER TABLE ONLY inbox_case
    ADD CONSTRAINT case_number_once UNIQUE (brand_id, number);
ALTER TABLE ONLY networks_channel
    ADD CONSTRAINT channel_once_a_brand UNIQUE (brand_id, network, remote_id);
ALTER TABLE ONLY inbox_clerk
    ADD CONSTRAINT clerk_once UNIQUE (brand_id, user_id);
ALTER TABLE ONLY publishing_clickcount
    ADD CONSTRAINT click_count_once UNIQUE (link_id, hour);
ALTER TABLE ONLY networks_community
    ADD CONSTRAINT community_once UNIQUE (brand_id, network, place);
ALTER TABLE ONLY inbox_customfield
    ADD CONSTRAINT custom_field_once UNIQUE (brand_id, folded);
ALTER TABLE ONLY listening_dayrollup
    ADD CONSTRAINT day_rollup_once UNIQUE (query_id, day, network, language, tone, noise);
ALTER TABLE ONLY inbox_deed
    ADD CONSTRAINT deed_once UNIQUE (rule_id, entry_id);
ALTER TABLE ONLY publishing_destination
    ADD CONSTRAINT destination_once UNIQUE (post_id, channel_id);
ALTER TABLE ONLY organisation_dispatch
    ADD CONSTRAINT dispatched_once_a_way UNIQUE (reach_id, way);
ALTER TABLE ONLY django_content_type
    ADD CONSTRAINT django_content_type_app_label_model_76bd3d3b_uniq UNIQUE (app_label, model);
ALTER TABLE ONLY django_content_type
    ADD CONSTRAINT django_content_type_pkey PRIMARY KEY (id);
ALTER TABLE ONLY django_migrations
    ADD CONSTRAINT django_migrations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY organisation_companydomain
    ADD CONSTRAINT domain_once_a_brand UNIQUE (brand_id, domain);
ALTER TABLE ONLY inbox_draft
    ADD CONSTRAINT draft_once UNIQUE (thread_id, by_id, kind);
ALTER TABLE ONLY inbox_entry
    ADD CONSTRAINT entry_once UNIQUE (activity_id, thread_id);
ALTER TABLE ONLY listening_event
    ADD CONSTRAINT event_once UNIQUE (brand_id, name);
ALTER TABLE ONLY listening_exploration
    ADD CONSTRAINT exploration_once UNIQUE (brand_id, by_id, name);
ALTER TABLE ONLY inbox_follow
    ADD CONSTRAINT follow_once UNIQUE (thread_id, by_id);
ALTER TABLE ONLY publishing_foundpiece
    ADD CONSTRAINT found_piece_once UNIQUE (brand_id, digest);
ALTER TABLE ONLY inbox_handle
    ADD CONSTRAINT handle_once UNIQUE (brand_id, actor_id);
ALTER TABLE ONLY organisation_hours
    ADD CONSTRAINT hours_once UNIQUE (brand_id, name);
ALTER TABLE ONLY publishing_illustration
    ADD CONSTRAINT illustration_once UNIQUE (post_id, place);
ALTER TABLE ONLY publishing_importedpost
    ADD CONSTRAINT imported_post_once UNIQUE (brand_id, digest);
ALTER TABLE ONLY inbox_assignment
    ADD CONSTRAINT inbox_assignment_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_band
    ADD CONSTRAINT inbox_band_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_bulk
    ADD CONSTRAINT inbox_bulk_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_bulkchange
    ADD CONSTRAINT inbox_bulkchange_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_case
    ADD CONSTRAINT inbox_case_key_key UNIQUE (key);
ALTER TABLE ONLY inbox_case
    ADD CONSTRAINT inbox_case_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_caselink
    ADD CONSTRAINT inbox_caselink_digest_key UNIQUE (digest);
ALTER TABLE ONLY inbox_caselink
    ADD CONSTRAINT inbox_caselink_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_clerk
    ADD CONSTRAINT inbox_clerk_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_closure
    ADD CONSTRAINT inbox_closure_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_cluster
    ADD CONSTRAINT inbox_cluster_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_contact
    ADD CONSTRAINT inbox_contact_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_customfield
    ADD CONSTRAINT inbox_customfield_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_deed
    ADD CONSTRAINT inbox_deed_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_draft
    ADD CONSTRAINT inbox_draft_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_enclosure
    ADD CONSTRAINT inbox_enclosure_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_entry
    ADD CONSTRAINT inbox_entry_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_exemplar
    ADD CONSTRAINT inbox_exemplar_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_follow
    ADD CONSTRAINT inbox_follow_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_handle
    ADD CONSTRAINT inbox_handle_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_likened
    ADD CONSTRAINT inbox_likened_pkey PRIMARY KEY (thread_id);
ALTER TABLE ONLY inbox_lock
    ADD CONSTRAINT inbox_lock_pkey PRIMARY KEY (thread_id);
ALTER TABLE ONLY inbox_merge
    ADD CONSTRAINT inbox_merge_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_note
    ADD CONSTRAINT inbox_note_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_note
    ADD CONSTRAINT inbox_note_remark_key UNIQUE (remark);
ALTER TABLE ONLY inbox_part
    ADD CONSTRAINT inbox_part_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_part
    ADD CONSTRAINT inbox_part_reply_id_key UNIQUE (reply_id);
ALTER TABLE ONLY inbox_pause
    ADD CONSTRAINT inbox_pause_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_personnote
    ADD CONSTRAINT inbox_personnote_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_persontag
    ADD CONSTRAINT inbox_persontag_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_presence
    ADD CONSTRAINT inbox_presence_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_promise
    ADD CONSTRAINT inbox_promise_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_queue
    ADD CONSTRAINT inbox_queue_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_queuemember
    ADD CONSTRAINT inbox_queuemember_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_reading
    ADD CONSTRAINT inbox_reading_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_release
    ADD CONSTRAINT inbox_release_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_reply
    ADD CONSTRAINT inbox_reply_delivery_id_key UNIQUE (delivery_id);
ALTER TABLE ONLY inbox_reply
    ADD CONSTRAINT inbox_reply_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_rule
    ADD CONSTRAINT inbox_rule_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_savedreply
    ADD CONSTRAINT inbox_savedreply_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_savedreplytext
    ADD CONSTRAINT inbox_savedreplytext_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_servicedesk
    ADD CONSTRAINT inbox_servicedesk_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_survey
    ADD CONSTRAINT inbox_survey_digest_key UNIQUE (digest);
ALTER TABLE ONLY inbox_survey
    ADD CONSTRAINT inbox_survey_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_survey
    ADD CONSTRAINT inbox_survey_reply_id_key UNIQUE (reply_id);
ALTER TABLE ONLY inbox_tag
    ADD CONSTRAINT inbox_tag_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_tagging
    ADD CONSTRAINT inbox_tagging_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_target
    ADD CONSTRAINT inbox_target_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_target
    ADD CONSTRAINT inbox_target_queue_id_key UNIQUE (queue_id);
ALTER TABLE ONLY inbox_thread
    ADD CONSTRAINT inbox_thread_pkey PRIMARY KEY (id);
ALTER TABLE ONLY inbox_view
    ADD CONSTRAINT inbox_view_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_linkrule
    ADD CONSTRAINT link_rule_once UNIQUE (brand_id, place);
ALTER TABLE ONLY listening_alert
    ADD CONSTRAINT listening_alert_pkey PRIMARY KEY (id);
ALTER TABLE ONLY listening_backtest
    ADD CONSTRAINT listening_backtest_pkey PRIMARY KEY (id);
ALTER TABLE ONLY listening_dayrollup
    ADD CONSTRAINT listening_dayrollup_pkey PRIMARY KEY (id);
ALTER TABLE ONLY listening_event
    ADD CONSTRAINT listening_event_pkey PRIMARY KEY (id);
ALTER TABLE ONLY listening_eventtag
    ADD CONSTRAINT listening_eventtag_pkey PRIMARY KEY (id);
ALTER TABLE ONLY listening_exploration
    ADD CONSTRAINT listening_exploration_pkey PRIMARY KEY (id);
ALTER TABLE ONLY listening_fold
    ADD CONSTRAINT listening_fold_pkey PRIMARY KEY (id);
ALTER TABLE ONLY listening_follower
    ADD CONSTRAINT listening_follower_pkey PRIMARY KEY (id);
ALTER TABLE ONLY listening_judgement
    ADD CONSTRAINT listening_judgement_alert_id_key UNIQUE (alert_id);
ALTER TABLE ONLY listening_judgement
    ADD CONSTRAINT listening_judgement_pkey PRIMARY KEY (id);
ALTER TABLE ONLY listening_mention
    ADD CONSTRAINT listening_mention_pkey PRIMARY KEY (id);
ALTER TABLE ONLY listening_print
    ADD CONSTRAINT listening_print_pkey PRIMARY KEY (mention);
ALTER TABLE ONLY listening_query
    ADD CONSTRAINT listening_query_pkey PRIMARY KEY (id);
ALTER TABLE ONLY listening_querybook
    ADD CONSTRAINT listening_querybook_pkey PRIMARY KEY (id);
ALTER TABLE ONLY listening_rollup
    ADD CONSTRAINT listening_rollup_pkey PRIMARY KEY (id);
ALTER TABLE ONLY listening_round
    ADD CONSTRAINT listening_round_network_key UNIQUE (network);
ALTER TABLE ONLY listening_round
    ADD CONSTRAINT listening_round_pkey PRIMARY KEY (id);
ALTER TABLE ONLY listening_sample
    ADD CONSTRAINT listening_sample_pkey PRIMARY KEY (id);
ALTER TABLE ONLY listening_source
    ADD CONSTRAINT listening_source_pkey PRIMARY KEY (id);
ALTER TABLE ONLY listening_storedfile
    ADD CONSTRAINT listening_storedfile_name_key UNIQUE (name);
ALTER TABLE ONLY listening_storedfile
    ADD CONSTRAINT listening_storedfile_pkey PRIMARY KEY (id);
ALTER TABLE ONLY listening_storedmention
    ADD CONSTRAINT listening_storedmention_pkey PRIMARY KEY (id);
ALTER TABLE ONLY listening_storedscrap
    ADD CONSTRAINT listening_storedscrap_pkey PRIMARY KEY (name);
ALTER TABLE ONLY listening_takeover
    ADD CONSTRAINT listening_takeover_pkey PRIMARY KEY (id);
ALTER TABLE ONLY listening_version
    ADD CONSTRAINT listening_version_pkey PRIMARY KEY (id);
ALTER TABLE ONLY listening_watching
    ADD CONSTRAINT listening_watching_pkey PRIMARY KEY (id);
ALTER TABLE ONLY listening_watching
    ADD CONSTRAINT listening_watching_query_id_key UNIQUE (query_id);
ALTER TABLE ONLY measurement_due
    ADD CONSTRAINT measurement_due_pkey PRIMARY KEY (id);
ALTER TABLE ONLY measurement_heard
    ADD CONSTRAINT measurement_heard_pkey PRIMARY KEY (entry_id);
ALTER TABLE ONLY measurement_peoplefigures
    ADD CONSTRAINT measurement_peoplefigures_pkey PRIMARY KEY (brand_id);
ALTER TABLE ONLY measurement_staffed
    ADD CONSTRAINT measurement_staffed_pkey PRIMARY KEY (id);
ALTER TABLE ONLY listening_mention
    ADD CONSTRAINT mention_once UNIQUE (query_id, activity_id);
ALTER TABLE ONLY publishing_mentionee
    ADD CONSTRAINT mentionee_once UNIQUE (brand_id, folded);
ALTER TABLE ONLY mfa_authenticator
    ADD CONSTRAINT mfa_authenticator_pkey PRIMARY KEY (id);
ALTER TABLE ONLY networks_accountsnapshot
    ADD CONSTRAINT networks_accountsnapshot_pkey PRIMARY KEY (id);
ALTER TABLE ONLY networks_activity
    ADD CONSTRAINT networks_activity_pkey PRIMARY KEY (id);
ALTER TABLE ONLY networks_actor
    ADD CONSTRAINT networks_actor_pkey PRIMARY KEY (id);
ALTER TABLE ONLY networks_attachment
    ADD CONSTRAINT networks_attachment_pkey PRIMARY KEY (id);
ALTER TABLE ONLY networks_audience
    ADD CONSTRAINT networks_audience_pkey PRIMARY KEY (id);
ALTER TABLE ONLY networks_channel
    ADD CONSTRAINT networks_channel_pkey PRIMARY KEY (id);
ALTER TABLE ONLY networks_community
    ADD CONSTRAINT networks_community_pkey PRIMARY KEY (id);
ALTER TABLE ONLY networks_community_speakers
    ADD CONSTRAINT networks_community_speak_community_id_membership__74c921f6_uniq UNIQUE (community_id, membership_id);
ALTER TABLE ONLY networks_community_speakers
    ADD CONSTRAINT networks_community_speakers_pkey PRIMARY KEY (id);
ALTER TABLE ONLY networks_communitynote
    ADD CONSTRAINT networks_communitynote_pkey PRIMARY KEY (id);
ALTER TABLE ONLY networks_correction
    ADD CONSTRAINT networks_correction_pkey PRIMARY KEY (id);
ALTER TABLE ONLY networks_defence
    ADD CONSTRAINT networks_defence_delivery_id_key UNIQUE (delivery_id);
ALTER TABLE ONLY networks_defence
    ADD CONSTRAINT networks_defence_pkey PRIMARY KEY (id);
ALTER TABLE ONLY networks_delivery
    ADD CONSTRAINT networks_delivery_key_key UNIQUE (key);
ALTER TABLE ONLY networks_delivery
    ADD CONSTRAINT networks_delivery_pkey PRIMARY KEY (id);
ALTER TABLE ONLY networks_erasure
    ADD CONSTRAINT networks_erasure_pkey PRIMARY KEY (id);
ALTER TABLE ONLY networks_grant
    ADD CONSTRAINT networks_grant_channel_id_key UNIQUE (channel_id);
ALTER TABLE ONLY networks_grant
    ADD CONSTRAINT networks_grant_pkey PRIMARY KEY (id);
ALTER TABLE ONLY networks_hold
    ADD CONSTRAINT networks_hold_pkey PRIMARY KEY (id);
ALTER TABLE ONLY networks_moderation
    ADD CONSTRAINT networks_moderation_delivery_id_key UNIQUE (delivery_id);
ALTER TABLE ONLY networks_moderation
    ADD CONSTRAINT networks_moderation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY networks_moderation
    ADD CONSTRAINT networks_moderation_undoes_id_key UNIQUE (undoes_id);
ALTER TABLE ONLY networks_objection
    ADD CONSTRAINT networks_objection_pkey PRIMARY KEY (id);
ALTER TABLE ONLY networks_personkey
    ADD CONSTRAINT networks_personkey_pkey PRIMARY KEY (id);
ALTER TABLE ONLY networks_setaside
    ADD CONSTRAINT networks_setaside_pkey PRIMARY KEY (id);
ALTER TABLE ONLY networks_snapshot
    ADD CONSTRAINT networks_snapshot_pkey PRIMARY KEY (id);
ALTER TABLE ONLY networks_erasure
    ADD CONSTRAINT one_erasure_a_moment UNIQUE (of_account, at);
ALTER TABLE ONLY networks_objection
    ADD CONSTRAINT one_objection_a_person UNIQUE NULLS NOT DISTINCT (brand_id, network, of_account, of_handle);
ALTER TABLE ONLY organisation_purgerun
    ADD CONSTRAINT one_purge_a_day_and_kind UNIQUE NULLS NOT DISTINCT (day, brand_id, kind);
ALTER TABLE ONLY organisation_retention
    ADD CONSTRAINT one_retention_a_kind UNIQUE (brand_id, kind);
ALTER TABLE ONLY organisation_membership
    ADD CONSTRAINT one_role_a_brand UNIQUE (user_id, brand_id);
ALTER TABLE ONLY organisation_addressproof
    ADD CONSTRAINT organisation_addressproof_digest_key UNIQUE (digest);
ALTER TABLE ONLY organisation_addressproof
    ADD CONSTRAINT organisation_addressproof_pkey PRIMARY KEY (id);
ALTER TABLE ONLY organisation_alarm
    ADD CONSTRAINT organisation_alarm_pkey PRIMARY KEY (id);
ALTER TABLE ONLY organisation_alarmcall
    ADD CONSTRAINT organisation_alarmcall_pkey PRIMARY KEY (id);
ALTER TABLE ONLY organisation_apitoken
    ADD CONSTRAINT organisation_apitoken_digest_key UNIQUE (digest);
ALTER TABLE ONLY organisation_apitoken
    ADD CONSTRAINT organisation_apitoken_pkey PRIMARY KEY (id);
ALTER TABLE ONLY organisation_auditentry
    ADD CONSTRAINT organisation_auditentry_pkey PRIMARY KEY (id);
ALTER TABLE ONLY organisation_brand
    ADD CONSTRAINT organisation_brand_pkey PRIMARY KEY (id);
ALTER TABLE ONLY organisation_brand
    ADD CONSTRAINT organisation_brand_slug_key UNIQUE (slug);
ALTER TABLE ONLY organisation_companydomain
    ADD CONSTRAINT organisation_companydomain_pkey PRIMARY KEY (id);
ALTER TABLE ONLY organisation_departure
    ADD CONSTRAINT organisation_departure_pkey PRIMARY KEY (id);
ALTER TABLE ONLY organisation_device
    ADD CONSTRAINT organisation_device_endpoint_key UNIQUE (endpoint);
ALTER TABLE ONLY organisation_device
    ADD CONSTRAINT organisation_device_pkey PRIMARY KEY (id);
ALTER TABLE ONLY organisation_dispatch
    ADD CONSTRAINT organisation_dispatch_pkey PRIMARY KEY (id);
ALTER TABLE ONLY organisation_hours
    ADD CONSTRAINT organisation_hours_pkey PRIMARY KEY (id);
ALTER TABLE ONLY organisation_informationpage
    ADD CONSTRAINT organisation_informationpage_brand_id_key UNIQUE (brand_id);
ALTER TABLE ONLY organisation_informationpage
    ADD CONSTRAINT organisation_informationpage_pkey PRIMARY KEY (id);
ALTER TABLE ONLY organisation_invitation
    ADD CONSTRAINT organisation_invitation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY organisation_invitationlink
    ADD CONSTRAINT organisation_invitationlink_digest_key UNIQUE (digest);
ALTER TABLE ONLY organisation_invitationlink
    ADD CONSTRAINT organisation_invitationlink_pkey PRIMARY KEY (id);
ALTER TABLE ONLY organisation_joinrequest
    ADD CONSTRAINT organisation_joinrequest_pkey PRIMARY KEY (id);
ALTER TABLE ONLY organisation_membership
    ADD CONSTRAINT organisation_membership_pkey PRIMARY KEY (id);
ALTER TABLE ONLY organisation_notice
    ADD CONSTRAINT organisation_notice_pkey PRIMARY KEY (id);
ALTER TABLE ONLY organisation_pace
    ADD CONSTRAINT organisation_pace_pkey PRIMARY KEY (name);
ALTER TABLE ONLY organisation_purgerun
    ADD CONSTRAINT organisation_purgerun_pkey PRIMARY KEY (id);
ALTER TABLE ONLY organisation_reach
    ADD CONSTRAINT organisation_reach_pkey PRIMARY KEY (id);
ALTER TABLE ONLY organisation_retention
    ADD CONSTRAINT organisation_retention_pkey PRIMARY KEY (id);
ALTER TABLE ONLY organisation_secondsteprule
    ADD CONSTRAINT organisation_secondsteprule_pkey PRIMARY KEY (brand_id);
ALTER TABLE ONLY organisation_session
    ADD CONSTRAINT organisation_session_pkey PRIMARY KEY (digest);
ALTER TABLE ONLY organisation_shift
    ADD CONSTRAINT organisation_shift_pkey PRIMARY KEY (id);
ALTER TABLE ONLY organisation_signinlink
    ADD CONSTRAINT organisation_signinlink_digest_key UNIQUE (digest);
ALTER TABLE ONLY organisation_signinlink
    ADD CONSTRAINT organisation_signinlink_pkey PRIMARY KEY (id);
ALTER TABLE ONLY organisation_taste
    ADD CONSTRAINT organisation_taste_pkey PRIMARY KEY (id);
ALTER TABLE ONLY organisation_taste
    ADD CONSTRAINT organisation_taste_user_id_key UNIQUE (user_id);
ALTER TABLE ONLY organisation_team
    ADD CONSTRAINT organisation_team_pkey PRIMARY KEY (id);
ALTER TABLE ONLY organisation_teammember
    ADD CONSTRAINT organisation_teammember_pkey PRIMARY KEY (id);
ALTER TABLE ONLY organisation_tries
    ADD CONSTRAINT organisation_tries_pkey PRIMARY KEY (id);
ALTER TABLE ONLY organisation_user
    ADD CONSTRAINT organisation_user_email_key UNIQUE (email);
ALTER TABLE ONLY organisation_user
    ADD CONSTRAINT organisation_user_pkey PRIMARY KEY (id);
ALTER TABLE ONLY organisation_webhook
    ADD CONSTRAINT organisation_webhook_pkey PRIMARY KEY (id);
ALTER TABLE ONLY organisation_webhookattempt
    ADD CONSTRAINT organisation_webhookattempt_pkey PRIMARY KEY (id);
ALTER TABLE ONLY organisation_webhookcall
    ADD CONSTRAINT organisation_webhookcall_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_pageentry
    ADD CONSTRAINT page_entry_once UNIQUE (page_id, word);
ALTER TABLE ONLY publishing_pagepicture
    ADD CONSTRAINT page_picture_once UNIQUE (entry_id, place);
ALTER TABLE ONLY publishing_pagetext
    ADD CONSTRAINT page_text_once UNIQUE (entry_id, language);
ALTER TABLE ONLY inbox_persontag
    ADD CONSTRAINT person_tag_once UNIQUE (brand_id, actor_id, tag_id);
ALTER TABLE ONLY publishing_postsegment
    ADD CONSTRAINT post_segment_once UNIQUE (post_id, segment_id);
ALTER TABLE ONLY inbox_presence
    ADD CONSTRAINT presence_once UNIQUE (thread_id, user_id);
ALTER TABLE ONLY procrastinate_events
    ADD CONSTRAINT procrastinate_events_pkey PRIMARY KEY (id);
ALTER TABLE ONLY procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_pkey PRIMARY KEY (id);
ALTER TABLE ONLY procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_pkey PRIMARY KEY (id);
ALTER TABLE ONLY procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_unique UNIQUE (task_name, periodic_id, defer_timestamp);
ALTER TABLE ONLY procrastinate_workers
    ADD CONSTRAINT procrastinate_workers_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_publicholidays
    ADD CONSTRAINT public_holidays_once UNIQUE (brand_id, place);
ALTER TABLE ONLY publishing_approval
    ADD CONSTRAINT publishing_approval_digest_key UNIQUE (digest);
ALTER TABLE ONLY publishing_approval
    ADD CONSTRAINT publishing_approval_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_approvalstep
    ADD CONSTRAINT publishing_approvalstep_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_asset
    ADD CONSTRAINT publishing_asset_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_calendarfeed
    ADD CONSTRAINT publishing_calendarfeed_digest_key UNIQUE (digest);
ALTER TABLE ONLY publishing_calendarfeed
    ADD CONSTRAINT publishing_calendarfeed_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_campaign
    ADD CONSTRAINT publishing_campaign_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_click
    ADD CONSTRAINT publishing_click_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_clickcount
    ADD CONSTRAINT publishing_clickcount_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_daynote
    ADD CONSTRAINT publishing_daynote_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_destination
    ADD CONSTRAINT publishing_destination_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_evergreen
    ADD CONSTRAINT publishing_evergreen_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_evergreen
    ADD CONSTRAINT publishing_evergreen_post_id_key UNIQUE (post_id);
ALTER TABLE ONLY publishing_foundpiece
    ADD CONSTRAINT publishing_foundpiece_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_illustration
    ADD CONSTRAINT publishing_illustration_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_importedpost
    ADD CONSTRAINT publishing_importedpost_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_importedpost
    ADD CONSTRAINT publishing_importedpost_post_id_key UNIQUE (post_id);
ALTER TABLE ONLY publishing_linkrule
    ADD CONSTRAINT publishing_linkrule_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_mentionee
    ADD CONSTRAINT publishing_mentionee_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_ownpage
    ADD CONSTRAINT publishing_ownpage_brand_id_key UNIQUE (brand_id);
ALTER TABLE ONLY publishing_ownpage
    ADD CONSTRAINT publishing_ownpage_channel_id_key UNIQUE (channel_id);
ALTER TABLE ONLY publishing_ownpage
    ADD CONSTRAINT publishing_ownpage_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_ownpage
    ADD CONSTRAINT publishing_ownpage_slug_key UNIQUE (slug);
ALTER TABLE ONLY publishing_pageentry
    ADD CONSTRAINT publishing_pageentry_destination_id_key UNIQUE (destination_id);
ALTER TABLE ONLY publishing_pageentry
    ADD CONSTRAINT publishing_pageentry_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_pagepicture
    ADD CONSTRAINT publishing_pagepicture_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_pagetext
    ADD CONSTRAINT publishing_pagetext_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_permission
    ADD CONSTRAINT publishing_permission_asset_id_key UNIQUE (asset_id);
ALTER TABLE ONLY publishing_permission
    ADD CONSTRAINT publishing_permission_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_post
    ADD CONSTRAINT publishing_post_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_postimport
    ADD CONSTRAINT publishing_postimport_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_postsegment
    ADD CONSTRAINT publishing_postsegment_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_publicholidays
    ADD CONSTRAINT publishing_publicholidays_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_remark
    ADD CONSTRAINT publishing_remark_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_repetition
    ADD CONSTRAINT publishing_repetition_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_repetition
    ADD CONSTRAINT publishing_repetition_post_id_key UNIQUE (post_id);
ALTER TABLE ONLY publishing_segment
    ADD CONSTRAINT publishing_segment_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_serving
    ADD CONSTRAINT publishing_serving_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_sharing
    ADD CONSTRAINT publishing_sharing_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_shortening
    ADD CONSTRAINT publishing_shortening_brand_id_key UNIQUE (brand_id);
ALTER TABLE ONLY publishing_shortening
    ADD CONSTRAINT publishing_shortening_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_shortlink
    ADD CONSTRAINT publishing_shortlink_code_key UNIQUE (code);
ALTER TABLE ONLY publishing_shortlink
    ADD CONSTRAINT publishing_shortlink_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_slot
    ADD CONSTRAINT publishing_slot_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_step
    ADD CONSTRAINT publishing_step_delivery_id_key UNIQUE (delivery_id);
ALTER TABLE ONLY publishing_step
    ADD CONSTRAINT publishing_step_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_timetable
    ADD CONSTRAINT publishing_timetable_channel_id_key UNIQUE (channel_id);
ALTER TABLE ONLY publishing_timetable
    ADD CONSTRAINT publishing_timetable_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_unkept
    ADD CONSTRAINT publishing_unkept_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_variant
    ADD CONSTRAINT publishing_variant_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_video
    ADD CONSTRAINT publishing_video_asset_id_key UNIQUE (asset_id);
ALTER TABLE ONLY publishing_video
    ADD CONSTRAINT publishing_video_pkey PRIMARY KEY (id);
ALTER TABLE ONLY publishing_videopiece
    ADD CONSTRAINT publishing_videopiece_pkey PRIMARY KEY (id);
ALTER TABLE ONLY listening_follower
    ADD CONSTRAINT query_followed_once UNIQUE (query_id, user_id);
ALTER TABLE ONLY inbox_queuemember
    ADD CONSTRAINT queue_member_once UNIQUE (queue_id, user_id);
ALTER TABLE ONLY inbox_queue
    ADD CONSTRAINT queue_once UNIQUE (brand_id, name);
ALTER TABLE ONLY inbox_reading
    ADD CONSTRAINT reading_once UNIQUE (user_id, thread_id);
ALTER TABLE ONLY listening_rollup
    ADD CONSTRAINT rollup_once UNIQUE (query_id, hour, network, language, tone, noise);
ALTER TABLE ONLY inbox_rule
    ADD CONSTRAINT rule_once UNIQUE (brand_id, name);
ALTER TABLE ONLY listening_sample
    ADD CONSTRAINT sample_once UNIQUE (network, remote_id);
ALTER TABLE ONLY inbox_savedreplytext
    ADD CONSTRAINT saved_once_a_language UNIQUE (saved_id, language);
ALTER TABLE ONLY publishing_segment
    ADD CONSTRAINT segment_once UNIQUE (brand_id, name);
ALTER TABLE ONLY publishing_serving
    ADD CONSTRAINT serving_once UNIQUE (segment_id, channel_id);
ALTER TABLE ONLY publishing_sharing
    ADD CONSTRAINT sharing_once UNIQUE (post_id, piece_id);
ALTER TABLE ONLY publishing_shortlink
    ADD CONSTRAINT short_link_once_on_a_channel UNIQUE (destination_id, digest);
ALTER TABLE ONLY publishing_slot
    ADD CONSTRAINT slot_once UNIQUE (channel_id, weekday, hour);
ALTER TABLE ONLY socialaccount_socialaccount
    ADD CONSTRAINT socialaccount_socialaccount_pkey PRIMARY KEY (id);
ALTER TABLE ONLY socialaccount_socialaccount
    ADD CONSTRAINT socialaccount_socialaccount_provider_uid_fc810c6e_uniq UNIQUE (provider, uid);
ALTER TABLE ONLY socialaccount_socialapp
    ADD CONSTRAINT socialaccount_socialapp_pkey PRIMARY KEY (id);
ALTER TABLE ONLY socialaccount_socialtoken
    ADD CONSTRAINT socialaccount_socialtoken_app_id_account_id_fca4e0ac_uniq UNIQUE (app_id, account_id);
ALTER TABLE ONLY socialaccount_socialtoken
    ADD CONSTRAINT socialaccount_socialtoken_pkey PRIMARY KEY (id);
ALTER TABLE ONLY listening_source
    ADD CONSTRAINT source_once UNIQUE (brand_id, network, address);
ALTER TABLE ONLY measurement_staffed
    ADD CONSTRAINT staffed_once UNIQUE (brand_id, hour);
ALTER TABLE ONLY publishing_step
    ADD CONSTRAINT step_once UNIQUE (destination_id, place);
ALTER TABLE ONLY listening_storedmention
    ADD CONSTRAINT stored_once UNIQUE (key, query_id);
ALTER TABLE ONLY inbox_tag
    ADD CONSTRAINT tag_once UNIQUE (brand_id, folded);
ALTER TABLE ONLY inbox_tagging
    ADD CONSTRAINT tagging_once UNIQUE (thread_id, tag_id);
ALTER TABLE ONLY inbox_target
    ADD CONSTRAINT target_once UNIQUE NULLS NOT DISTINCT (brand_id, queue_id);
ALTER TABLE ONLY organisation_teammember
    ADD CONSTRAINT team_member_once UNIQUE (team_id, user_id);
ALTER TABLE ONLY organisation_team
    ADD CONSTRAINT team_once UNIQUE (brand_id, name);
ALTER TABLE ONLY inbox_thread
    ADD CONSTRAINT thread_once UNIQUE (channel_id, conversation);
ALTER TABLE ONLY organisation_reach
    ADD CONSTRAINT told_once UNIQUE (notice_id, user_id);
ALTER TABLE ONLY organisation_tries
    ADD CONSTRAINT tries_once_a_place UNIQUE (account, place);
ALTER TABLE ONLY publishing_unkept
    ADD CONSTRAINT unkept_once UNIQUE NULLS NOT DISTINCT (brand_id, user_id, post_id);
ALTER TABLE ONLY upkeep_tally
    ADD CONSTRAINT upkeep_tally_pkey PRIMARY KEY (network);
ALTER TABLE ONLY publishing_variant
    ADD CONSTRAINT variant_once UNIQUE NULLS NOT DISTINCT (post_id, language, network, channel_id);
ALTER TABLE ONLY listening_version
    ADD CONSTRAINT version_once UNIQUE (query_id, number);
ALTER TABLE ONLY publishing_videopiece
    ADD CONSTRAINT video_piece_once UNIQUE (video_id, place);
CREATE INDEX account_emailaddress_email_03be32b2 ON account_emailaddress USING btree (email);
CREATE INDEX account_emailaddress_email_03be32b2_like ON account_emailaddress USING btree (email varchar_pattern_ops);
CREATE INDEX account_emailaddress_user_id_2c513194 ON account_emailaddress USING btree (user_id);
CREATE INDEX account_emailconfirmation_email_address_id_5b7f8c58 ON account_emailconfirmation USING btree (email_address_id);
CREATE INDEX account_emailconfirmation_key_f43612bd_like ON account_emailconfirmation USING btree (key varchar_pattern_ops);
CREATE INDEX activity_about ON networks_activity USING btree (network, about) WHERE (NOT (about = ''::text));
CREATE INDEX activity_held ON networks_activity USING btree (network, published) WHERE ((standing)::text = 'held'::text);
CREATE INDEX activity_judged ON networks_activity USING btree (id) WHERE (NOT ((standing)::text = ''::text));
CREATE INDEX activity_of_actor ON networks_activity USING btree (actor_id, published DESC);
CREATE INDEX activity_received ON networks_activity USING brin (received);
CREATE INDEX activity_search ON networks_activity USING gin (search);
CREATE INDEX alarms_about ON organisation_alarm USING btree (about);
CREATE INDEX alarms_due ON organisation_alarm USING btree (next_at) WHERE (next_at IS NOT NULL);
CREATE INDEX alarms_newest ON organisation_alarm USING btree (brand_id, id DESC);
CREATE INDEX alert_newest ON listening_alert USING btree (query_id, began DESC, id DESC);
CREATE INDEX approvals_of_post ON publishing_approval USING btree (post_id, asked DESC);
CREATE INDEX asset_expires ON publishing_asset USING btree (expires) WHERE (expires IS NOT NULL);
CREATE INDEX asset_newest ON publishing_asset USING btree (brand_id, id DESC);
CREATE INDEX asset_tags ON publishing_asset USING gin (tags);
CREATE INDEX audience_own ON networks_audience USING btree (channel_id) WHERE own;
CREATE INDEX audit_of_brand ON organisation_auditentry USING btree (brand_id, at DESC, id DESC);
CREATE INDEX audit_of_kind ON organisation_auditentry USING btree (brand_id, what, at DESC, id DESC);
CREATE INDEX audit_of_person ON organisation_auditentry USING btree (brand_id, user_id, at DESC, id DESC);
CREATE INDEX audit_of_thing ON organisation_auditentry USING btree (about_kind, about_id, at DESC, id DESC);
CREATE INDEX auth_group_name_a6ea08ec_like ON auth_group USING btree (name varchar_pattern_ops);
CREATE INDEX auth_group_permissions_group_id_b120cbf9 ON auth_group_permissions USING btree (group_id);
CREATE INDEX auth_group_permissions_permission_id_84c5c92e ON auth_group_permissions USING btree (permission_id);
CREATE INDEX auth_permission_content_type_id_2f476e4b ON auth_permission USING btree (content_type_id);
CREATE INDEX band_found ON inbox_band USING btree (band);
CREATE INDEX cache_expires ON cache USING btree (expires);
CREATE INDEX case_due ON inbox_case USING btree (due) WHERE ((state)::text = ANY (ARRAY[('waiting'::character varying)::text, ('sending'::character varying)::text]));
CREATE INDEX channel_due ON networks_channel USING btree (next_fetch) WHERE ((state)::text = 'active'::text);
CREATE INDEX click_of_visitor ON publishing_click USING btree (link_id, visitor, at);
CREATE INDEX click_to_count ON publishing_click USING btree (id) WHERE (NOT counted);
CREATE INDEX cluster_lately ON inbox_cluster USING btree (brand_id, last_at DESC);
CREATE INDEX correction_newest ON networks_correction USING btree (brand_id, id DESC);
CREATE INDEX day_note_of_day ON publishing_daynote USING btree (brand_id, last);
CREATE INDEX deed_of_rule ON inbox_deed USING btree (rule_id, at DESC, id DESC);
CREATE INDEX defence_of_person ON networks_defence USING btree (actor_id, channel_id, id DESC);
CREATE INDEX delivery_due ON networks_delivery USING btree (not_before) WHERE ((state)::text = 'waiting'::text);
CREATE INDEX delivery_paced ON networks_delivery USING btree (channel_id, not_before);
CREATE INDEX delivery_said ON networks_delivery USING btree (channel_id, id) WHERE ((NOT passed_on) AND ((state)::text = 'sent'::text));
CREATE INDEX delivery_sending ON networks_delivery USING btree (claimed_at) WHERE ((state)::text = 'sending'::text);
CREATE INDEX departure_of_person ON organisation_departure USING btree (user_id, at DESC);
CREATE UNIQUE INDEX desk_once ON inbox_servicedesk USING btree (brand_id, name) WHERE (retired_at IS NULL);
CREATE INDEX destination_due ON publishing_destination USING btree (due) WHERE ((state)::text = 'waiting'::text);
CREATE INDEX dispatch_due ON organisation_dispatch USING btree (due) WHERE ((state)::text = ANY (ARRAY[('waiting'::character varying)::text, ('sending'::character varying)::text]));
CREATE INDEX enclosure_of_draft ON inbox_enclosure USING btree (thread_id, by_id);
CREATE INDEX entry_order ON inbox_entry USING btree (thread_id, at, id);
CREATE INDEX found_piece_newest ON publishing_foundpiece USING btree (brand_id, found DESC);
CREATE INDEX found_piece_tags ON publishing_foundpiece USING gin (tags);
CREATE INDEX found_piece_words ON publishing_foundpiece USING gin (to_tsvector('simple'::regconfig, COALESCE(folded, ''::text)));
CREATE INDEX heard_of_brand ON measurement_heard USING btree (brand_id, day);
CREATE INDEX idx_procrastinate_jobs_worker_not_null ON procrastinate_jobs USING btree (worker_id) WHERE ((worker_id IS NOT NULL) AND (status = 'doing'::procrastinate_job_status));
CREATE INDEX idx_procrastinate_workers_last_heartbeat ON procrastinate_workers USING btree (last_heartbeat);
CREATE INDEX inbox_assignment_before_id_dfcc858c ON inbox_assignment USING btree (before_id);
CREATE INDEX inbox_assignment_by_id_943ed80a ON inbox_assignment USING btree (by_id);
CREATE INDEX inbox_assignment_queue_before_id_4f276b40 ON inbox_assignment USING btree (queue_before_id);
CREATE INDEX inbox_assignment_queue_id_f1909959 ON inbox_assignment USING btree (queue_id);
CREATE INDEX inbox_assignment_team_before_id_07780a74 ON inbox_assignment USING btree (team_before_id);
CREATE INDEX inbox_assignment_team_id_4d79a6d2 ON inbox_assignment USING btree (team_id);
CREATE INDEX inbox_assignment_thread_id_2d77f5d7 ON inbox_assignment USING btree (thread_id);
CREATE INDEX inbox_assignment_to_id_05f0bdb4 ON inbox_assignment USING btree (to_id);
CREATE INDEX inbox_band_exemplar_id_c1c9bf72 ON inbox_band USING btree (exemplar_id);
CREATE INDEX inbox_bulk_brand_id_615070d9 ON inbox_bulk USING btree (brand_id);
CREATE INDEX inbox_bulk_by_id_00a516c6 ON inbox_bulk USING btree (by_id);
CREATE INDEX inbox_bulkchange_bulk_id_d8298b39 ON inbox_bulkchange USING btree (bulk_id);
CREATE INDEX inbox_bulkchange_thread_id_d7e4f023 ON inbox_bulkchange USING btree (thread_id);
CREATE INDEX inbox_case_by_id_19cdff5b ON inbox_case USING btree (by_id);
CREATE INDEX inbox_case_desk_id_c0023460 ON inbox_case USING btree (desk_id);
CREATE INDEX inbox_case_key_59391074_like ON inbox_case USING btree (key varchar_pattern_ops);
CREATE INDEX inbox_case_thread_id_6ca20577 ON inbox_case USING btree (thread_id);
CREATE INDEX inbox_caselink_case_id_15a4758b ON inbox_caselink USING btree (case_id);
CREATE INDEX inbox_caselink_digest_efe31e67_like ON inbox_caselink USING btree (digest varchar_pattern_ops);
CREATE INDEX inbox_clerk_user_id_c4cdd793 ON inbox_clerk USING btree (user_id);
CREATE INDEX inbox_closure_by_id_aa6015c5 ON inbox_closure USING btree (by_id);
CREATE INDEX inbox_closure_reopened_by_id_ade0c0a0 ON inbox_closure USING btree (reopened_by_id);
CREATE INDEX inbox_closure_thread_id_a2270201 ON inbox_closure USING btree (thread_id);
CREATE INDEX inbox_contact_brand_id_326836e2 ON inbox_contact USING btree (brand_id);
CREATE INDEX inbox_deed_entry_id_38159518 ON inbox_deed USING btree (entry_id);
CREATE INDEX inbox_draft_by_id_548f9007 ON inbox_draft USING btree (by_id);
CREATE INDEX inbox_enclosure_by_id_e3844e37 ON inbox_enclosure USING btree (by_id);
CREATE INDEX inbox_exemplar_activity_id_16b47c79 ON inbox_exemplar USING btree (activity_id);
CREATE INDEX inbox_exemplar_cluster_id_4a7f77e3 ON inbox_exemplar USING btree (cluster_id);
CREATE INDEX inbox_follow_by_id_104e69ea ON inbox_follow USING btree (by_id);
CREATE INDEX inbox_handle_actor_id_e07f78ee ON inbox_handle USING btree (actor_id);
CREATE INDEX inbox_handle_by_id_a509fbf3 ON inbox_handle USING btree (by_id);
CREATE INDEX inbox_handle_contact_id_37720dfb ON inbox_handle USING btree (contact_id);
CREATE INDEX inbox_likened_activity_id_df8d04f5 ON inbox_likened USING btree (activity_id);
CREATE INDEX inbox_likened_cluster_id_117988d1 ON inbox_likened USING btree (cluster_id);
CREATE INDEX inbox_lock_by_id_737905cd ON inbox_lock USING btree (by_id);
CREATE INDEX inbox_merge_by_id_949e039f ON inbox_merge USING btree (by_id);
CREATE INDEX inbox_merge_into_id_afff6b40 ON inbox_merge USING btree (into_id);
CREATE INDEX inbox_merge_thread_id_fc04e7da ON inbox_merge USING btree (thread_id);
CREATE INDEX inbox_note_author_id_45ee2fa6 ON inbox_note USING btree (author_id);
CREATE INDEX inbox_note_remark_c49ea8e7_like ON inbox_note USING btree (remark text_pattern_ops);
CREATE INDEX inbox_note_thread_id_c061c0f6 ON inbox_note USING btree (thread_id);
CREATE INDEX inbox_part_activity_id_e04aa5a4 ON inbox_part USING btree (activity_id);
CREATE INDEX inbox_part_thread_id_842c63ac ON inbox_part USING btree (thread_id);
CREATE INDEX inbox_pause_by_id_df3716b6 ON inbox_pause USING btree (by_id);
CREATE INDEX inbox_pause_ended_by_id_6559399d ON inbox_pause USING btree (ended_by_id);
CREATE INDEX inbox_pause_thread_id_c705d3b0 ON inbox_pause USING btree (thread_id);
CREATE INDEX inbox_personnote_actor_id_cb6b89ad ON inbox_personnote USING btree (actor_id);
CREATE INDEX inbox_personnote_by_id_19b9085e ON inbox_personnote USING btree (by_id);
CREATE INDEX inbox_persontag_actor_id_f32a4abb ON inbox_persontag USING btree (actor_id);
CREATE INDEX inbox_persontag_by_id_ef59061c ON inbox_persontag USING btree (by_id);
CREATE INDEX inbox_persontag_tag_id_bc1a1091 ON inbox_persontag USING btree (tag_id);
CREATE INDEX inbox_presence_user_id_77e7c991 ON inbox_presence USING btree (user_id);
CREATE INDEX inbox_promise_actor_id_fcaa557a ON inbox_promise USING btree (actor_id);
CREATE INDEX inbox_promise_by_id_074e7609 ON inbox_promise USING btree (by_id);
CREATE INDEX inbox_promise_settled_by_id_de360b97 ON inbox_promise USING btree (settled_by_id);
CREATE INDEX inbox_promise_thread_id_9a7aedfe ON inbox_promise USING btree (thread_id);
CREATE INDEX inbox_queue_hours_id_cf871ccb ON inbox_queue USING btree (hours_id);
CREATE INDEX inbox_queuemember_user_id_1d5eb17f ON inbox_queuemember USING btree (user_id);
CREATE INDEX inbox_reading_thread_id_a53b4c89 ON inbox_reading USING btree (thread_id);
CREATE INDEX inbox_release_brand_id_b3fcfe2c ON inbox_release USING btree (brand_id);
CREATE INDEX inbox_release_by_id_de436ed7 ON inbox_release USING btree (by_id);
CREATE INDEX inbox_release_cluster_id_2f2648f2 ON inbox_release USING btree (cluster_id);
CREATE INDEX inbox_reply_author_id_b5410c4a ON inbox_reply USING btree (author_id);
CREATE INDEX inbox_reply_thread_id_416eb0e8 ON inbox_reply USING btree (thread_id);
CREATE INDEX inbox_rule_changed_by_id_06b126b8 ON inbox_rule USING btree (changed_by_id);
CREATE INDEX inbox_savedreply_author_id_86572e36 ON inbox_savedreply USING btree (author_id);
CREATE INDEX inbox_savedreply_brand_id_4dc9b724 ON inbox_savedreply USING btree (brand_id);
CREATE INDEX inbox_savedreply_team_id_43f9daf0 ON inbox_savedreply USING btree (team_id);
CREATE INDEX inbox_servicedesk_answers_id_7f920b7d ON inbox_servicedesk USING btree (answers_id);
CREATE INDEX inbox_servicedesk_brand_id_d35e7488 ON inbox_servicedesk USING btree (brand_id);
CREATE INDEX inbox_servicedesk_made_by_id_c56d1994 ON inbox_servicedesk USING btree (made_by_id);
CREATE INDEX inbox_survey_digest_54b480c4_like ON inbox_survey USING btree (digest varchar_pattern_ops);
CREATE INDEX inbox_survey_team_id_4bf93a8f ON inbox_survey USING btree (team_id);
CREATE INDEX inbox_survey_thread_id_6354b4c4 ON inbox_survey USING btree (thread_id);
CREATE INDEX inbox_tagging_by_id_5ed0890e ON inbox_tagging USING btree (by_id);
CREATE INDEX inbox_tagging_tag_id_474a707d ON inbox_tagging USING btree (tag_id);
CREATE INDEX inbox_thread_assignee_id_8dc92dca ON inbox_thread USING btree (assignee_id);
CREATE INDEX inbox_thread_merged_into_id_141e0c85 ON inbox_thread USING btree (merged_into_id);
CREATE INDEX inbox_view_by_id_11d018f8 ON inbox_view USING btree (by_id);
CREATE INDEX listening_alert_first_id_f41a0087 ON listening_alert USING btree (first_id);
CREATE INDEX listening_backtest_by_id_8607b861 ON listening_backtest USING btree (by_id);
CREATE INDEX listening_backtest_version_id_71a0dfae ON listening_backtest USING btree (version_id);
CREATE INDEX listening_event_ends_0516bf2c ON listening_event USING btree (ends);
CREATE INDEX listening_event_query_id_f7d3f21c ON listening_event USING btree (query_id);
CREATE INDEX listening_eventtag_by_id_46ff2bca ON listening_eventtag USING btree (by_id);
CREATE INDEX listening_eventtag_event_id_10d0a73b ON listening_eventtag USING btree (event_id);
CREATE INDEX listening_exploration_by_id_b8acefdd ON listening_exploration USING btree (by_id);
CREATE INDEX listening_fold_query_id_99d29fad ON listening_fold USING btree (query_id);
CREATE INDEX listening_follower_user_id_65045cc1 ON listening_follower USING btree (user_id);
CREATE INDEX listening_judgement_by_id_47f59975 ON listening_judgement USING btree (by_id);
CREATE INDEX listening_mention_activity_id_1987b122 ON listening_mention USING btree (activity_id);
CREATE INDEX listening_query_stamp_deb64bda ON listening_query USING btree (stamp);
CREATE INDEX listening_round_network_bb51b585_like ON listening_round USING btree (network varchar_pattern_ops);
CREATE INDEX listening_source_channel_id_78b40847 ON listening_source USING btree (channel_id);
CREATE INDEX listening_storedfile_brand_id_07b11452 ON listening_storedfile USING btree (brand_id);
CREATE INDEX listening_storedfile_name_bc5c4b10_like ON listening_storedfile USING btree (name text_pattern_ops);
CREATE INDEX listening_storedmention_author_id_45b0cc12 ON listening_storedmention USING btree (author_id);
CREATE INDEX listening_storedmention_file_id_10fdf324 ON listening_storedmention USING btree (file_id);
CREATE INDEX listening_storedmention_query_id_d69dea47 ON listening_storedmention USING btree (query_id);
CREATE INDEX listening_storedscrap_name_a91757fa_like ON listening_storedscrap USING btree (name text_pattern_ops);
CREATE INDEX listening_version_by_id_628e8844 ON listening_version USING btree (by_id);
CREATE INDEX measurement_heard_thread_id_02dc1f0a ON measurement_heard USING btree (thread_id);
CREATE INDEX measurement_peoplefigures_by_id_02d8d1fb ON measurement_peoplefigures USING btree (by_id);
CREATE INDEX membership_ends ON organisation_membership USING btree (until) WHERE (until IS NOT NULL);
CREATE INDEX mention_folded ON listening_mention USING btree (fold, noise, at, id) WHERE (fold IS NOT NULL);
CREATE INDEX mention_loud ON listening_mention USING btree (query_id, at DESC) INCLUDE (author, followers, network, language, tone, noise) WHERE (followers >= 10000);
CREATE INDEX mention_newest ON listening_mention USING btree (query_id, at DESC, id DESC) INCLUDE (network, language, tone, noise, author, followers);
CREATE INDEX mention_of_author ON listening_mention USING btree (query_id, author, at DESC, id DESC) INCLUDE (network, language, tone, noise, followers);
CREATE INDEX mfa_authenticator_user_id_0c3a50c0 ON mfa_authenticator USING btree (user_id);
CREATE INDEX networks_attachment_delivery_id_33f5c94c ON networks_attachment USING btree (delivery_id);
CREATE INDEX networks_channel_brand_id_8d738481 ON networks_channel USING btree (brand_id);
CREATE INDEX networks_community_speakers_community_id_8b136eb9 ON networks_community_speakers USING btree (community_id);
CREATE INDEX networks_community_speakers_membership_id_3606235e ON networks_community_speakers USING btree (membership_id);
CREATE INDEX networks_communitynote_by_id_e17bb502 ON networks_communitynote USING btree (by_id);
CREATE INDEX networks_communitynote_community_id_a8b03934 ON networks_communitynote USING btree (community_id);
CREATE INDEX networks_correction_activity_id_7076cd64 ON networks_correction USING btree (activity_id);
CREATE INDEX networks_correction_by_id_3e6540f6 ON networks_correction USING btree (by_id);
CREATE INDEX networks_defence_activity_id_464f1fd9 ON networks_defence USING btree (activity_id);
CREATE INDEX networks_defence_by_id_e85068d0 ON networks_defence USING btree (by_id);
CREATE INDEX networks_defence_channel_id_948ae2e8 ON networks_defence USING btree (channel_id);
CREATE INDEX networks_delivery_author_id_17fbf1d2 ON networks_delivery USING btree (author_id);
CREATE INDEX networks_delivery_channel_id_f150afc5 ON networks_delivery USING btree (channel_id);
CREATE INDEX networks_delivery_key_d032cb92_like ON networks_delivery USING btree (key varchar_pattern_ops);
CREATE INDEX networks_delivery_result_id_3eb87f68 ON networks_delivery USING btree (result_id);
CREATE INDEX networks_delivery_settled_by_id_e09e818a ON networks_delivery USING btree (settled_by_id);
CREATE INDEX networks_delivery_target_id_7df9eba9 ON networks_delivery USING btree (target_id);
CREATE INDEX networks_erasure_by_id_2b7c82f4 ON networks_erasure USING btree (by_id);
CREATE INDEX networks_hold_brand_id_ea3f7704 ON networks_hold USING btree (brand_id);
CREATE INDEX networks_hold_channel_id_7e4da7e9 ON networks_hold USING btree (channel_id);
CREATE INDEX networks_hold_lifted_by_id_b7340455 ON networks_hold USING btree (lifted_by_id);
CREATE INDEX networks_hold_placed_by_id_a70ca861 ON networks_hold USING btree (placed_by_id);
CREATE INDEX networks_moderation_activity_id_fd8088a5 ON networks_moderation USING btree (activity_id);
CREATE INDEX networks_moderation_by_id_376bfd5b ON networks_moderation USING btree (by_id);
CREATE INDEX networks_moderation_channel_id_b6924563 ON networks_moderation USING btree (channel_id);
CREATE INDEX networks_objection_brand_id_a933ceab ON networks_objection USING btree (brand_id);
CREATE INDEX networks_objection_by_id_db9d5d93 ON networks_objection USING btree (by_id);
CREATE INDEX networks_setaside_channel_id_9c3cbddd ON networks_setaside USING btree (channel_id);
CREATE INDEX networks_snapshot_activity_id_14d6bf54 ON networks_snapshot USING btree (activity_id);
CREATE INDEX note_of_person ON inbox_personnote USING btree (brand_id, actor_id, id DESC);
CREATE UNIQUE INDEX one_alert_going_on ON listening_alert USING btree (query_id, kind) WHERE (over IS NULL);
CREATE UNIQUE INDEX one_approval_asked_at_a_time ON publishing_approval USING btree (post_id) WHERE ((decision)::text = ''::text);
CREATE UNIQUE INDEX one_backtest_at_a_time ON listening_backtest USING btree (version_id) WHERE (done IS NULL);
CREATE UNIQUE INDEX one_open_alarm_a_thing ON organisation_alarm USING btree (brand_id, about) WHERE ((acknowledged_at IS NULL) AND (NOT ((about)::text = ''::text)));
CREATE UNIQUE INDEX one_open_invitation_an_address ON organisation_invitation USING btree (brand_id, email) WHERE ((accepted_at IS NULL) AND (withdrawn_at IS NULL));
CREATE UNIQUE INDEX one_open_notice_a_thing_and_person ON organisation_notice USING btree (brand_id, code, about, to_id) NULLS NOT DISTINCT WHERE (settled_at IS NULL);
CREATE UNIQUE INDEX one_open_request_a_person ON organisation_joinrequest USING btree (brand_id, user_id) WHERE (answered_at IS NULL);
CREATE UNIQUE INDEX one_pause_at_once ON inbox_pause USING btree (thread_id) WHERE (ended_at IS NULL);
CREATE UNIQUE INDEX one_takeover_going_on ON listening_takeover USING btree (event_id) WHERE (over IS NULL);
CREATE INDEX organisation_addressproof_digest_2db1e65b_like ON organisation_addressproof USING btree (digest varchar_pattern_ops);
CREATE INDEX organisation_addressproof_expires_114d5843 ON organisation_addressproof USING btree (expires);
CREATE INDEX organisation_alarm_acknowledged_by_id_271e89c1 ON organisation_alarm USING btree (acknowledged_by_id);
CREATE INDEX organisation_alarm_by_id_bb8d8242 ON organisation_alarm USING btree (by_id);
CREATE INDEX organisation_alarmcall_user_id_473be170 ON organisation_alarmcall USING btree (user_id);
CREATE INDEX organisation_apitoken_brand_id_ea170ead ON organisation_apitoken USING btree (brand_id);
CREATE INDEX organisation_apitoken_digest_f82b90f1_like ON organisation_apitoken USING btree (digest varchar_pattern_ops);
CREATE INDEX organisation_apitoken_user_id_584a7648 ON organisation_apitoken USING btree (user_id);
CREATE INDEX organisation_brand_archived_by_id_1a915af3 ON organisation_brand USING btree (archived_by_id);
CREATE INDEX organisation_brand_shielded_by_id_03f8b5c6 ON organisation_brand USING btree (shielded_by_id);
CREATE INDEX organisation_brand_slug_ea32a72f_like ON organisation_brand USING btree (slug varchar_pattern_ops);
CREATE INDEX organisation_companydomain_brand_id_85b41431 ON organisation_companydomain USING btree (brand_id);
CREATE INDEX organisation_companydomain_by_id_b816ba67 ON organisation_companydomain USING btree (by_id);
CREATE INDEX organisation_companydomain_domain_af9e0798 ON organisation_companydomain USING btree (domain);
CREATE INDEX organisation_companydomain_domain_af9e0798_like ON organisation_companydomain USING btree (domain varchar_pattern_ops);
CREATE INDEX organisation_departure_brand_id_6125774e ON organisation_departure USING btree (brand_id);
CREATE INDEX organisation_departure_by_id_7c5bba51 ON organisation_departure USING btree (by_id);
CREATE INDEX organisation_departure_user_id_258a3f8a ON organisation_departure USING btree (user_id);
CREATE INDEX organisation_device_endpoint_4810a913_like ON organisation_device USING btree (endpoint text_pattern_ops);
CREATE INDEX organisation_device_user_id_81b62dfc ON organisation_device USING btree (user_id);
CREATE INDEX organisation_hours_changed_by_id_71403db8 ON organisation_hours USING btree (changed_by_id);
CREATE INDEX organisation_invitation_accepted_by_id_3d0ddca0 ON organisation_invitation USING btree (accepted_by_id);
CREATE INDEX organisation_invitation_brand_id_b7c1fc22 ON organisation_invitation USING btree (brand_id);
CREATE INDEX organisation_invitation_by_id_998473cc ON organisation_invitation USING btree (by_id);
CREATE INDEX organisation_invitation_withdrawn_by_id_6dfafd2a ON organisation_invitation USING btree (withdrawn_by_id);
CREATE INDEX organisation_invitationlink_digest_ddbbea7a_like ON organisation_invitationlink USING btree (digest varchar_pattern_ops);
CREATE INDEX organisation_invitationlink_invitation_id_59b02600 ON organisation_invitationlink USING btree (invitation_id);
CREATE INDEX organisation_joinrequest_answered_by_id_7262cb41 ON organisation_joinrequest USING btree (answered_by_id);
CREATE INDEX organisation_joinrequest_brand_id_8c3a4c50 ON organisation_joinrequest USING btree (brand_id);
CREATE INDEX organisation_joinrequest_user_id_8ae28699 ON organisation_joinrequest USING btree (user_id);
CREATE INDEX organisation_membership_brand_id_35c1b517 ON organisation_membership USING btree (brand_id);
CREATE INDEX organisation_membership_user_id_f6ff1acf ON organisation_membership USING btree (user_id);
CREATE INDEX organisation_notice_brand_id_0d96e2ad ON organisation_notice USING btree (brand_id);
CREATE INDEX organisation_notice_to_id_1127f5ff ON organisation_notice USING btree (to_id);
CREATE INDEX organisation_pace_name_6fa17eee_like ON organisation_pace USING btree (name varchar_pattern_ops);
CREATE INDEX organisation_purgerun_brand_id_ddbca458 ON organisation_purgerun USING btree (brand_id);
CREATE INDEX organisation_retention_brand_id_74b18914 ON organisation_retention USING btree (brand_id);
CREATE INDEX organisation_secondsteprule_by_id_c93e22d8 ON organisation_secondsteprule USING btree (by_id);
CREATE INDEX organisation_session_digest_d1993245_like ON organisation_session USING btree (digest varchar_pattern_ops);
CREATE INDEX organisation_session_ends_ecdb0c8d ON organisation_session USING btree (ends);
CREATE INDEX organisation_session_user_id_803f093d ON organisation_session USING btree (user_id);
CREATE INDEX organisation_shift_brand_id_1fb7fb9b ON organisation_shift USING btree (brand_id);
CREATE INDEX organisation_shift_made_by_id_fa17ee7b ON organisation_shift USING btree (made_by_id);
CREATE INDEX organisation_shift_user_id_82297ca8 ON organisation_shift USING btree (user_id);
CREATE INDEX organisation_signinlink_digest_48eb7f4f_like ON organisation_signinlink USING btree (digest varchar_pattern_ops);
CREATE INDEX organisation_signinlink_user_id_61a953b0 ON organisation_signinlink USING btree (user_id);
CREATE INDEX organisation_teammember_user_id_b159a705 ON organisation_teammember USING btree (user_id);
CREATE INDEX organisation_tries_last_1840d1b2 ON organisation_tries USING btree (last);
CREATE INDEX organisation_user_email_c1e03f6f_like ON organisation_user USING btree (email varchar_pattern_ops);
CREATE INDEX organisation_webhook_brand_id_3204b971 ON organisation_webhook USING btree (brand_id);
CREATE INDEX organisation_webhook_made_by_id_b57614d9 ON organisation_webhook USING btree (made_by_id);
CREATE INDEX organisation_webhookattempt_call_id_f46e94e3 ON organisation_webhookattempt USING btree (call_id);
CREATE UNIQUE INDEX own_shortcut_once ON inbox_savedreply USING btree (brand_id, author_id, shortcut) WHERE own;
CREATE INDEX page_entry_newest ON publishing_pageentry USING btree (page_id, published DESC, id DESC) WHERE (taken_back IS NULL);
CREATE INDEX post_by_time ON publishing_post USING btree (brand_id, due);
CREATE INDEX post_due ON publishing_post USING btree (due) WHERE ((state)::text = ANY (ARRAY[('scheduled'::character varying)::text, ('review'::character varying)::text]));
CREATE INDEX post_newest ON publishing_post USING btree (brand_id, changed DESC);
CREATE INDEX presence_at ON inbox_presence USING btree (at);
CREATE INDEX print_folded ON listening_print USING btree (fold) WHERE (fold IS NOT NULL);
CREATE INDEX print_found ON listening_print USING gin (bands);
CREATE INDEX print_lately ON listening_print USING btree (heard);
CREATE INDEX procrastinate_events_job_id_fkey_v1 ON procrastinate_events USING btree (job_id);
CREATE INDEX procrastinate_jobs_id_lock_idx_v1 ON procrastinate_jobs USING btree (id, lock) WHERE (status = ANY (ARRAY['todo'::procrastinate_job_status, 'doing'::procrastinate_job_status]));
CREATE UNIQUE INDEX procrastinate_jobs_lock_idx_v1 ON procrastinate_jobs USING btree (lock) WHERE (status = 'doing'::procrastinate_job_status);
CREATE INDEX procrastinate_jobs_priority_idx_v1 ON procrastinate_jobs USING btree (priority DESC, id) WHERE (status = 'todo'::procrastinate_job_status);
CREATE INDEX procrastinate_jobs_queue_name_idx_v1 ON procrastinate_jobs USING btree (queue_name);
CREATE UNIQUE INDEX procrastinate_jobs_queueing_lock_idx_v1 ON procrastinate_jobs USING btree (queueing_lock) WHERE (status = 'todo'::procrastinate_job_status);
CREATE INDEX procrastinate_periodic_defers_job_id_fkey_v1 ON procrastinate_periodic_defers USING btree (job_id);
CREATE INDEX promise_due ON inbox_promise USING btree (due) WHERE ((kept IS NULL) AND (reminded_at IS NULL));
CREATE INDEX promise_open ON inbox_promise USING btree (brand_id, due, id) WHERE (kept IS NULL);
CREATE INDEX promise_overdue ON inbox_promise USING btree (due) WHERE ((kept IS NULL) AND (overdue_at IS NULL));
CREATE INDEX publishing_approval_by_id_c631390e ON publishing_approval USING btree (by_id);
CREATE INDEX publishing_approval_digest_55c63b25_like ON publishing_approval USING btree (digest varchar_pattern_ops);
CREATE INDEX publishing_asset_by_id_b917d110 ON publishing_asset USING btree (by_id);
CREATE INDEX publishing_calendarfeed_digest_b16d2463_like ON publishing_calendarfeed USING btree (digest varchar_pattern_ops);
CREATE INDEX publishing_calendarfeed_user_id_1eac3d4d ON publishing_calendarfeed USING btree (user_id);
CREATE INDEX publishing_daynote_by_id_cfaa80b1 ON publishing_daynote USING btree (by_id);
CREATE INDEX publishing_destination_channel_id_226bfeb2 ON publishing_destination USING btree (channel_id);
CREATE INDEX publishing_evergreen_by_id_60d50e31 ON publishing_evergreen USING btree (by_id);
CREATE INDEX publishing_foundpiece_by_id_9a71a077 ON publishing_foundpiece USING btree (by_id);
CREATE INDEX publishing_illustration_asset_id_a1bdf607 ON publishing_illustration USING btree (asset_id);
CREATE INDEX publishing_importedpost_imported_id_4d9d0210 ON publishing_importedpost USING btree (imported_id);
CREATE INDEX publishing_ownpage_slug_95bb5ede_like ON publishing_ownpage USING btree (slug varchar_pattern_ops);
CREATE INDEX publishing_permission_by_id_b3eeb2f4 ON publishing_permission USING btree (by_id);
CREATE INDEX publishing_permission_delivery_id_32280644 ON publishing_permission USING btree (delivery_id);
CREATE INDEX publishing_permission_person_id_78eaed7a ON publishing_permission USING btree (person_id);
CREATE INDEX publishing_permission_settled_by_id_960ac507 ON publishing_permission USING btree (settled_by_id);
CREATE INDEX publishing_permission_target_id_e9f33b50 ON publishing_permission USING btree (target_id);
CREATE INDEX publishing_post_author_id_8991ad37 ON publishing_post USING btree (author_id);
CREATE INDEX publishing_post_campaign_id_3a561af8 ON publishing_post USING btree (campaign_id);
CREATE INDEX publishing_postimport_brand_id_1ca7eb87 ON publishing_postimport USING btree (brand_id);
CREATE INDEX publishing_postimport_by_id_5811c3a5 ON publishing_postimport USING btree (by_id);
CREATE INDEX publishing_postsegment_segment_id_de0c646c ON publishing_postsegment USING btree (segment_id);
CREATE INDEX publishing_remark_by_id_1c0d9ff7 ON publishing_remark USING btree (by_id);
CREATE INDEX publishing_repetition_evergreen_id_b0f8bd2a ON publishing_repetition USING btree (evergreen_id);
CREATE INDEX publishing_serving_channel_id_75361b76 ON publishing_serving USING btree (channel_id);
CREATE INDEX publishing_sharing_piece_id_ea56a2d1 ON publishing_sharing USING btree (piece_id);
CREATE INDEX publishing_shortlink_by_id_f5d656b3 ON publishing_shortlink USING btree (by_id);
CREATE INDEX publishing_shortlink_code_d022ba17_like ON publishing_shortlink USING btree (code varchar_pattern_ops);
CREATE INDEX publishing_unkept_post_id_d60912a3 ON publishing_unkept USING btree (post_id);
CREATE INDEX publishing_unkept_user_id_18a42ecf ON publishing_unkept USING btree (user_id);
CREATE INDEX publishing_variant_channel_id_d5d6eecc ON publishing_variant USING btree (channel_id);
CREATE INDEX purges_of_brand ON organisation_purgerun USING btree (brand_id, day DESC, kind);
CREATE UNIQUE INDEX query_once ON listening_query USING btree (brand_id, name) WHERE (removed IS NULL);
CREATE INDEX reaches_of_user ON organisation_reach USING btree (user_id, id DESC);
CREATE INDEX reaches_unseen ON organisation_reach USING btree (user_id) WHERE (seen_at IS NULL);
CREATE INDEX remarks_of_post ON publishing_remark USING btree (post_id, at);
CREATE INDEX sample_of_author ON listening_sample USING btree (network, author);
CREATE UNIQUE INDEX saved_shortcut_once ON inbox_savedreply USING btree (brand_id, shortcut) WHERE (NOT own);
CREATE UNIQUE INDEX set_aside_once ON networks_setaside USING btree (channel_id, remote_id) WHERE (NOT (remote_id = ''::text));
CREATE INDEX short_link_newest ON publishing_shortlink USING btree (brand_id, made DESC);
CREATE UNIQUE INDEX shortening_host_once ON publishing_shortening USING btree (host) WHERE (NOT ((host)::text = ''::text));
CREATE INDEX snapshot_latest ON networks_snapshot USING btree (activity_id, at DESC);
CREATE INDEX socialaccount_socialaccount_user_id_8146e70c ON socialaccount_socialaccount USING btree (user_id);
CREATE INDEX socialaccount_socialtoken_account_id_951f210e ON socialaccount_socialtoken USING btree (account_id);
CREATE INDEX socialaccount_socialtoken_app_id_636a42d7 ON socialaccount_socialtoken USING btree (app_id);
CREATE INDEX source_place ON listening_source USING btree (network, address);
CREATE INDEX surveys_of_brand ON inbox_survey USING btree (brand_id, asked_at);
CREATE INDEX takeover_newest ON listening_takeover USING btree (event_id, began DESC);
CREATE INDEX thread_all ON inbox_thread USING btree (brand_id, last_at DESC, id DESC);
CREATE INDEX thread_closed ON inbox_thread USING btree (brand_id, last_at DESC, id DESC) WHERE (closed_at IS NOT NULL);
CREATE INDEX thread_due ON inbox_thread USING btree (brand_id, due_at, id) WHERE (due_at IS NOT NULL);
CREATE INDEX thread_fields ON inbox_thread USING gin (fields) WHERE (NOT (fields = '{}'::jsonb));
CREATE INDEX thread_held ON inbox_thread USING btree (brand_id, last_at DESC, id DESC) WHERE (held > 0);
CREATE INDEX thread_mine ON inbox_thread USING btree (brand_id, assignee_id, last_at DESC, id DESC) WHERE ((closed_at IS NULL) AND ((waits)::text = ''::text));
CREATE INDEX thread_next ON inbox_thread USING btree (brand_id, queue_id, lateness DESC, priority DESC, reach DESC, due_at, last_in, id) WHERE ((closed_at IS NULL) AND ((waits)::text = ''::text) AND (NOT answered) AND (assignee_id IS NULL));
CREATE INDEX thread_of_person ON inbox_thread USING btree (person_id, last_at DESC);
CREATE INDEX thread_of_queue ON inbox_thread USING btree (brand_id, queue_id, last_at DESC, id DESC) WHERE ((closed_at IS NULL) AND ((waits)::text = ''::text) AND (queue_id IS NOT NULL));
CREATE INDEX thread_of_team ON inbox_thread USING btree (brand_id, team_id, last_at DESC, id DESC) WHERE ((closed_at IS NULL) AND ((waits)::text = ''::text) AND (team_id IS NOT NULL));
CREATE INDEX thread_offered ON inbox_thread USING btree (channel_id) WHERE offered;
CREATE INDEX thread_open ON inbox_thread USING btree (brand_id, last_at DESC, id DESC) INCLUDE (last_in) WHERE ((closed_at IS NULL) AND ((waits)::text = ''::text));
CREATE INDEX thread_praise ON inbox_thread USING btree (brand_id, last_at DESC, id DESC) WHERE ((closed_at IS NULL) AND ((waits)::text = ''::text) AND (NOT answered) AND ((tone)::text = 'positive'::text));
CREATE INDEX thread_rings ON inbox_thread USING btree (rings_at) WHERE (rings_at IS NOT NULL);
CREATE INDEX thread_waiting ON inbox_thread USING btree (brand_id, last_at DESC, id DESC) WHERE ((closed_at IS NULL) AND (NOT ((waits)::text = ''::text)));
CREATE INDEX thread_wakes ON inbox_thread USING btree (wakes_at) WHERE (wakes_at IS NOT NULL);
CREATE UNIQUE INDEX unique_authenticator_type ON mfa_authenticator USING btree (user_id, type) WHERE ((type)::text = ANY (ARRAY[('totp'::character varying)::text, ('recovery_codes'::character varying)::text]));
CREATE UNIQUE INDEX unique_primary_email ON account_emailaddress USING btree (user_id, "primary") WHERE "primary";
CREATE UNIQUE INDEX unique_verified_email ON account_emailaddress USING btree (email) WHERE verified;
CREATE INDEX upkeep_tally_network_a712ae13_like ON upkeep_tally USING btree (network varchar_pattern_ops);
CREATE INDEX variant_bands ON publishing_variant USING gin (bands);
CREATE INDEX view_of_brand ON inbox_view USING btree (brand_id, name);
CREATE INDEX webhook_call_age ON organisation_webhookcall USING btree (at);
CREATE INDEX webhook_call_newest ON organisation_webhookcall USING btree (webhook_id, id DESC);
CREATE INDEX webhook_call_waiting ON organisation_webhookcall USING btree (webhook_id, id) WHERE ((state)::text = 'waiting'::text);
CREATE TRIGGER audit_kept BEFORE DELETE OR UPDATE ON organisation_auditentry FOR EACH ROW EXECUTE FUNCTION audit_is_never_edited();
CREATE TRIGGER audit_kept_whole BEFORE TRUNCATE ON organisation_auditentry FOR EACH STATEMENT EXECUTE FUNCTION audit_is_never_edited();
CREATE TRIGGER listening_fold_gone AFTER DELETE ON listening_mention REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION listening_fold_gone();
CREATE TRIGGER listening_mentions_new AFTER INSERT ON listening_mention REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION listening_mentions_come();
CREATE TRIGGER listening_mentions_over AFTER DELETE ON listening_mention REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION listening_mentions_gone();
CREATE TRIGGER listening_mentions_were AFTER UPDATE ON listening_mention REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION listening_mentions_gone();
CREATE TRIGGER listening_mentions_will_be AFTER UPDATE ON listening_mention REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION listening_mentions_come();
CREATE TRIGGER listening_stored_lost AFTER DELETE ON listening_storedmention REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION listening_stored_lost();
CREATE TRIGGER listening_taken_back AFTER UPDATE OF deleted, erased ON networks_activity FOR EACH ROW WHEN ((((new.deleted IS NOT NULL) AND (old.deleted IS NULL)) OR ((new.erased IS NOT NULL) AND (old.erased IS NULL)))) EXECUTE FUNCTION listening_taken_back();
CREATE TRIGGER measurement_assignments AFTER INSERT ON inbox_assignment FOR EACH ROW EXECUTE FUNCTION measurement_thread_changed();
CREATE TRIGGER measurement_closures AFTER INSERT OR UPDATE ON inbox_closure FOR EACH ROW EXECUTE FUNCTION measurement_thread_changed();
CREATE TRIGGER measurement_deliveries AFTER UPDATE OF state, result_id ON networks_delivery FOR EACH ROW WHEN ((((old.state)::text IS DISTINCT FROM (new.state)::text) OR (old.result_id IS DISTINCT FROM new.result_id))) EXECUTE FUNCTION measurement_delivery_moved();
CREATE TRIGGER measurement_entries_from AFTER UPDATE ON inbox_entry REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION measurement_entries_changed();
CREATE TRIGGER measurement_entries_gone AFTER DELETE ON inbox_entry REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION measurement_entries_changed();
CREATE TRIGGER measurement_entries_new AFTER INSERT ON inbox_entry REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION measurement_entries_changed();
CREATE TRIGGER measurement_entries_there AFTER UPDATE ON inbox_entry REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION measurement_entries_changed();
CREATE TRIGGER measurement_messages AFTER UPDATE OF standing, deleted, language, automatic ON networks_activity FOR EACH ROW WHEN ((((old.standing)::text IS DISTINCT FROM (new.standing)::text) OR (old.deleted IS DISTINCT FROM new.deleted) OR ((old.language)::text IS DISTINCT FROM (new.language)::text) OR ((old.automatic)::text IS DISTINCT FROM (new.automatic)::text))) EXECUTE FUNCTION measurement_message_changed();
CREATE TRIGGER measurement_queues AFTER UPDATE OF queue_id ON inbox_thread FOR EACH ROW WHEN ((old.queue_id IS DISTINCT FROM new.queue_id)) EXECUTE FUNCTION measurement_queue_changed();
CREATE TRIGGER measurement_replies AFTER INSERT OR UPDATE ON inbox_reply FOR EACH ROW EXECUTE FUNCTION measurement_thread_changed();
CREATE TRIGGER procrastinate_jobs_notify_queue_job_aborted_v1 AFTER UPDATE OF abort_requested ON procrastinate_jobs FOR EACH ROW WHEN (((old.abort_requested = false) AND (new.abort_requested = true) AND (new.status = 'doing'::procrastinate_job_status))) EXECUTE FUNCTION procrastinate_notify_queue_abort_job_v1();
CREATE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 AFTER INSERT ON procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::procrastinate_job_status)) EXECUTE FUNCTION procrastinate_notify_queue_job_inserted_v1();
CREATE TRIGGER procrastinate_trigger_abort_requested_events_v1 AFTER UPDATE OF abort_requested ON procrastinate_jobs FOR EACH ROW WHEN ((new.abort_requested = true)) EXECUTE FUNCTION procrastinate_trigger_abort_requested_events_procedure_v1();
CREATE TRIGGER procrastinate_trigger_delete_jobs_v1 BEFORE DELETE ON procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION procrastinate_unlink_periodic_defers_v1();
CREATE TRIGGER procrastinate_trigger_scheduled_events_v1 AFTER INSERT OR UPDATE ON procrastinate_jobs FOR EACH ROW WHEN (((new.scheduled_at IS NOT NULL) AND (new.status = 'todo'::procrastinate_job_status))) EXECUTE FUNCTION procrastinate_trigger_function_scheduled_events_v1();
CREATE TRIGGER procrastinate_trigger_status_events_insert_v1 AFTER INSERT ON procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::procrastinate_job_status)) EXECUTE FUNCTION procrastinate_trigger_function_status_events_insert_v1();
CREATE TRIGGER procrastinate_trigger_status_events_update_v1 AFTER UPDATE OF status ON procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION procrastinate_trigger_function_status_events_update_v1();
ALTER TABLE ONLY account_emailaddress
    ADD CONSTRAINT account_emailaddress_user_id_2c513194_fk_organisation_user_id FOREIGN KEY (user_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY account_emailconfirmation
    ADD CONSTRAINT account_emailconfirm_email_address_id_5b7f8c58_fk_account_e FOREIGN KEY (email_address_id) REFERENCES account_emailaddress(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY auth_group_permissions
    ADD CONSTRAINT auth_group_permissio_permission_id_84c5c92e_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES auth_permission(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_b120cbf9_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES auth_group(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_2f476e4b_fk_django_co FOREIGN KEY (content_type_id) REFERENCES django_content_type(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_assignment
    ADD CONSTRAINT inbox_assignment_before_id_dfcc858c_fk_organisation_user_id FOREIGN KEY (before_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_assignment
    ADD CONSTRAINT inbox_assignment_by_id_943ed80a_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_assignment
    ADD CONSTRAINT inbox_assignment_queue_before_id_4f276b40_fk_inbox_queue_id FOREIGN KEY (queue_before_id) REFERENCES inbox_queue(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_assignment
    ADD CONSTRAINT inbox_assignment_queue_id_f1909959_fk_inbox_queue_id FOREIGN KEY (queue_id) REFERENCES inbox_queue(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_assignment
    ADD CONSTRAINT inbox_assignment_team_before_id_07780a74_fk_organisat FOREIGN KEY (team_before_id) REFERENCES organisation_team(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_assignment
    ADD CONSTRAINT inbox_assignment_team_id_4d79a6d2_fk_organisation_team_id FOREIGN KEY (team_id) REFERENCES organisation_team(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_assignment
    ADD CONSTRAINT inbox_assignment_thread_id_2d77f5d7_fk_inbox_thread_id FOREIGN KEY (thread_id) REFERENCES inbox_thread(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_assignment
    ADD CONSTRAINT inbox_assignment_to_id_05f0bdb4_fk_organisation_user_id FOREIGN KEY (to_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_band
    ADD CONSTRAINT inbox_band_exemplar_id_c1c9bf72_fk_inbox_exemplar_id FOREIGN KEY (exemplar_id) REFERENCES inbox_exemplar(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_bulk
    ADD CONSTRAINT inbox_bulk_brand_id_615070d9_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_bulk
    ADD CONSTRAINT inbox_bulk_by_id_00a516c6_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_bulkchange
    ADD CONSTRAINT inbox_bulkchange_bulk_id_d8298b39_fk_inbox_bulk_id FOREIGN KEY (bulk_id) REFERENCES inbox_bulk(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_bulkchange
    ADD CONSTRAINT inbox_bulkchange_thread_id_d7e4f023_fk_inbox_thread_id FOREIGN KEY (thread_id) REFERENCES inbox_thread(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_case
    ADD CONSTRAINT inbox_case_brand_id_c00a54ca_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_case
    ADD CONSTRAINT inbox_case_by_id_19cdff5b_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_case
    ADD CONSTRAINT inbox_case_desk_id_c0023460_fk_inbox_servicedesk_id FOREIGN KEY (desk_id) REFERENCES inbox_servicedesk(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_case
    ADD CONSTRAINT inbox_case_thread_id_6ca20577_fk_inbox_thread_id FOREIGN KEY (thread_id) REFERENCES inbox_thread(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_caselink
    ADD CONSTRAINT inbox_caselink_case_id_15a4758b_fk_inbox_case_id FOREIGN KEY (case_id) REFERENCES inbox_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_clerk
    ADD CONSTRAINT inbox_clerk_brand_id_eeaa72f7_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_clerk
    ADD CONSTRAINT inbox_clerk_user_id_c4cdd793_fk_organisation_user_id FOREIGN KEY (user_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_closure
    ADD CONSTRAINT inbox_closure_by_id_aa6015c5_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_closure
    ADD CONSTRAINT inbox_closure_reopened_by_id_ade0c0a0_fk_organisation_user_id FOREIGN KEY (reopened_by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_closure
    ADD CONSTRAINT inbox_closure_thread_id_a2270201_fk_inbox_thread_id FOREIGN KEY (thread_id) REFERENCES inbox_thread(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_cluster
    ADD CONSTRAINT inbox_cluster_brand_id_089dcbee_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_contact
    ADD CONSTRAINT inbox_contact_brand_id_326836e2_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_customfield
    ADD CONSTRAINT inbox_customfield_brand_id_0197048b_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_deed
    ADD CONSTRAINT inbox_deed_entry_id_38159518_fk_inbox_entry_id FOREIGN KEY (entry_id) REFERENCES inbox_entry(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_deed
    ADD CONSTRAINT inbox_deed_rule_id_2e2828c8_fk_inbox_rule_id FOREIGN KEY (rule_id) REFERENCES inbox_rule(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_draft
    ADD CONSTRAINT inbox_draft_by_id_548f9007_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_draft
    ADD CONSTRAINT inbox_draft_thread_id_a663cac6_fk_inbox_thread_id FOREIGN KEY (thread_id) REFERENCES inbox_thread(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_enclosure
    ADD CONSTRAINT inbox_enclosure_by_id_e3844e37_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_enclosure
    ADD CONSTRAINT inbox_enclosure_thread_id_84fb0400_fk_inbox_thread_id FOREIGN KEY (thread_id) REFERENCES inbox_thread(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_entry
    ADD CONSTRAINT inbox_entry_activity_id_90c08122_fk_networks_activity_id FOREIGN KEY (activity_id) REFERENCES networks_activity(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_entry
    ADD CONSTRAINT inbox_entry_thread_id_6fea1193_fk_inbox_thread_id FOREIGN KEY (thread_id) REFERENCES inbox_thread(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_exemplar
    ADD CONSTRAINT inbox_exemplar_activity_id_16b47c79_fk_networks_activity_id FOREIGN KEY (activity_id) REFERENCES networks_activity(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_exemplar
    ADD CONSTRAINT inbox_exemplar_cluster_id_4a7f77e3_fk_inbox_cluster_id FOREIGN KEY (cluster_id) REFERENCES inbox_cluster(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_follow
    ADD CONSTRAINT inbox_follow_by_id_104e69ea_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_follow
    ADD CONSTRAINT inbox_follow_thread_id_2e142c4f_fk_inbox_thread_id FOREIGN KEY (thread_id) REFERENCES inbox_thread(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_handle
    ADD CONSTRAINT inbox_handle_actor_id_e07f78ee_fk_networks_actor_id FOREIGN KEY (actor_id) REFERENCES networks_actor(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_handle
    ADD CONSTRAINT inbox_handle_brand_id_8b27e91a_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_handle
    ADD CONSTRAINT inbox_handle_by_id_a509fbf3_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_handle
    ADD CONSTRAINT inbox_handle_contact_id_37720dfb_fk_inbox_contact_id FOREIGN KEY (contact_id) REFERENCES inbox_contact(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_likened
    ADD CONSTRAINT inbox_likened_activity_id_df8d04f5_fk_networks_activity_id FOREIGN KEY (activity_id) REFERENCES networks_activity(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_likened
    ADD CONSTRAINT inbox_likened_cluster_id_117988d1_fk_inbox_cluster_id FOREIGN KEY (cluster_id) REFERENCES inbox_cluster(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_likened
    ADD CONSTRAINT inbox_likened_thread_id_a4ce16c8_fk_inbox_thread_id FOREIGN KEY (thread_id) REFERENCES inbox_thread(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_lock
    ADD CONSTRAINT inbox_lock_by_id_737905cd_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_lock
    ADD CONSTRAINT inbox_lock_thread_id_5edb6676_fk_inbox_thread_id FOREIGN KEY (thread_id) REFERENCES inbox_thread(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_merge
    ADD CONSTRAINT inbox_merge_by_id_949e039f_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_merge
    ADD CONSTRAINT inbox_merge_into_id_afff6b40_fk_inbox_thread_id FOREIGN KEY (into_id) REFERENCES inbox_thread(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_merge
    ADD CONSTRAINT inbox_merge_thread_id_fc04e7da_fk_inbox_thread_id FOREIGN KEY (thread_id) REFERENCES inbox_thread(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_note
    ADD CONSTRAINT inbox_note_author_id_45ee2fa6_fk_organisation_user_id FOREIGN KEY (author_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_note
    ADD CONSTRAINT inbox_note_thread_id_c061c0f6_fk_inbox_thread_id FOREIGN KEY (thread_id) REFERENCES inbox_thread(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_part
    ADD CONSTRAINT inbox_part_activity_id_e04aa5a4_fk_networks_activity_id FOREIGN KEY (activity_id) REFERENCES networks_activity(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_part
    ADD CONSTRAINT inbox_part_release_id_b0dada71_fk_inbox_release_id FOREIGN KEY (release_id) REFERENCES inbox_release(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_part
    ADD CONSTRAINT inbox_part_reply_id_e8db0e3a_fk_inbox_reply_id FOREIGN KEY (reply_id) REFERENCES inbox_reply(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_part
    ADD CONSTRAINT inbox_part_thread_id_842c63ac_fk_inbox_thread_id FOREIGN KEY (thread_id) REFERENCES inbox_thread(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_pause
    ADD CONSTRAINT inbox_pause_by_id_df3716b6_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_pause
    ADD CONSTRAINT inbox_pause_ended_by_id_6559399d_fk_organisation_user_id FOREIGN KEY (ended_by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_pause
    ADD CONSTRAINT inbox_pause_thread_id_c705d3b0_fk_inbox_thread_id FOREIGN KEY (thread_id) REFERENCES inbox_thread(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_personnote
    ADD CONSTRAINT inbox_personnote_actor_id_cb6b89ad_fk_networks_actor_id FOREIGN KEY (actor_id) REFERENCES networks_actor(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_personnote
    ADD CONSTRAINT inbox_personnote_brand_id_f80091f3_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_personnote
    ADD CONSTRAINT inbox_personnote_by_id_19b9085e_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_persontag
    ADD CONSTRAINT inbox_persontag_actor_id_f32a4abb_fk_networks_actor_id FOREIGN KEY (actor_id) REFERENCES networks_actor(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_persontag
    ADD CONSTRAINT inbox_persontag_brand_id_4fb6b1d6_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_persontag
    ADD CONSTRAINT inbox_persontag_by_id_ef59061c_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_persontag
    ADD CONSTRAINT inbox_persontag_tag_id_bc1a1091_fk_inbox_tag_id FOREIGN KEY (tag_id) REFERENCES inbox_tag(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_presence
    ADD CONSTRAINT inbox_presence_thread_id_6416b980_fk_inbox_thread_id FOREIGN KEY (thread_id) REFERENCES inbox_thread(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_presence
    ADD CONSTRAINT inbox_presence_user_id_77e7c991_fk_organisation_user_id FOREIGN KEY (user_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_promise
    ADD CONSTRAINT inbox_promise_actor_id_fcaa557a_fk_networks_actor_id FOREIGN KEY (actor_id) REFERENCES networks_actor(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_promise
    ADD CONSTRAINT inbox_promise_brand_id_0892a686_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_promise
    ADD CONSTRAINT inbox_promise_by_id_074e7609_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_promise
    ADD CONSTRAINT inbox_promise_settled_by_id_de360b97_fk_organisation_user_id FOREIGN KEY (settled_by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_promise
    ADD CONSTRAINT inbox_promise_thread_id_9a7aedfe_fk_inbox_thread_id FOREIGN KEY (thread_id) REFERENCES inbox_thread(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_queue
    ADD CONSTRAINT inbox_queue_brand_id_9d20033d_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_queue
    ADD CONSTRAINT inbox_queue_hours_id_cf871ccb_fk_organisation_hours_id FOREIGN KEY (hours_id) REFERENCES organisation_hours(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_queuemember
    ADD CONSTRAINT inbox_queuemember_queue_id_44a7f0f4_fk_inbox_queue_id FOREIGN KEY (queue_id) REFERENCES inbox_queue(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_queuemember
    ADD CONSTRAINT inbox_queuemember_user_id_1d5eb17f_fk_organisation_user_id FOREIGN KEY (user_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_reading
    ADD CONSTRAINT inbox_reading_thread_id_a53b4c89_fk_inbox_thread_id FOREIGN KEY (thread_id) REFERENCES inbox_thread(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_reading
    ADD CONSTRAINT inbox_reading_user_id_c13f3adf_fk_organisation_user_id FOREIGN KEY (user_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_release
    ADD CONSTRAINT inbox_release_brand_id_b3fcfe2c_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_release
    ADD CONSTRAINT inbox_release_by_id_de436ed7_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_release
    ADD CONSTRAINT inbox_release_cluster_id_2f2648f2_fk_inbox_cluster_id FOREIGN KEY (cluster_id) REFERENCES inbox_cluster(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_reply
    ADD CONSTRAINT inbox_reply_author_id_b5410c4a_fk_organisation_user_id FOREIGN KEY (author_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_reply
    ADD CONSTRAINT inbox_reply_delivery_id_40c268bc_fk_networks_delivery_id FOREIGN KEY (delivery_id) REFERENCES networks_delivery(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_reply
    ADD CONSTRAINT inbox_reply_thread_id_416eb0e8_fk_inbox_thread_id FOREIGN KEY (thread_id) REFERENCES inbox_thread(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_rule
    ADD CONSTRAINT inbox_rule_brand_id_4d693c33_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_rule
    ADD CONSTRAINT inbox_rule_changed_by_id_06b126b8_fk_organisation_user_id FOREIGN KEY (changed_by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_savedreply
    ADD CONSTRAINT inbox_savedreply_author_id_86572e36_fk_organisation_user_id FOREIGN KEY (author_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_savedreply
    ADD CONSTRAINT inbox_savedreply_brand_id_4dc9b724_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_savedreply
    ADD CONSTRAINT inbox_savedreply_team_id_43f9daf0_fk_organisation_team_id FOREIGN KEY (team_id) REFERENCES organisation_team(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_savedreplytext
    ADD CONSTRAINT inbox_savedreplytext_saved_id_fc4e12a5_fk_inbox_savedreply_id FOREIGN KEY (saved_id) REFERENCES inbox_savedreply(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_servicedesk
    ADD CONSTRAINT inbox_servicedesk_answers_id_7f920b7d_fk_networks_channel_id FOREIGN KEY (answers_id) REFERENCES networks_channel(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_servicedesk
    ADD CONSTRAINT inbox_servicedesk_brand_id_d35e7488_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_servicedesk
    ADD CONSTRAINT inbox_servicedesk_made_by_id_c56d1994_fk_organisation_user_id FOREIGN KEY (made_by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_survey
    ADD CONSTRAINT inbox_survey_brand_id_5fe76315_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_survey
    ADD CONSTRAINT inbox_survey_channel_id_a8d9296c_fk_networks_channel_id FOREIGN KEY (channel_id) REFERENCES networks_channel(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_survey
    ADD CONSTRAINT inbox_survey_reply_id_ea81105c_fk_inbox_reply_id FOREIGN KEY (reply_id) REFERENCES inbox_reply(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_survey
    ADD CONSTRAINT inbox_survey_team_id_4bf93a8f_fk_organisation_team_id FOREIGN KEY (team_id) REFERENCES organisation_team(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_survey
    ADD CONSTRAINT inbox_survey_thread_id_6354b4c4_fk_inbox_thread_id FOREIGN KEY (thread_id) REFERENCES inbox_thread(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_tag
    ADD CONSTRAINT inbox_tag_brand_id_976ae1e7_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_tagging
    ADD CONSTRAINT inbox_tagging_by_id_5ed0890e_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_tagging
    ADD CONSTRAINT inbox_tagging_tag_id_474a707d_fk_inbox_tag_id FOREIGN KEY (tag_id) REFERENCES inbox_tag(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_tagging
    ADD CONSTRAINT inbox_tagging_thread_id_8211fff7_fk_inbox_thread_id FOREIGN KEY (thread_id) REFERENCES inbox_thread(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_target
    ADD CONSTRAINT inbox_target_brand_id_f6367112_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_target
    ADD CONSTRAINT inbox_target_queue_id_843df93c_fk_inbox_queue_id FOREIGN KEY (queue_id) REFERENCES inbox_queue(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_thread
    ADD CONSTRAINT inbox_thread_assignee_id_8dc92dca_fk_organisation_user_id FOREIGN KEY (assignee_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_thread
    ADD CONSTRAINT inbox_thread_brand_id_a73d2285_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_thread
    ADD CONSTRAINT inbox_thread_channel_id_60239531_fk_networks_channel_id FOREIGN KEY (channel_id) REFERENCES networks_channel(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_thread
    ADD CONSTRAINT inbox_thread_merged_into_id_141e0c85_fk_inbox_thread_id FOREIGN KEY (merged_into_id) REFERENCES inbox_thread(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_thread
    ADD CONSTRAINT inbox_thread_person_id_ff678436_fk_networks_actor_id FOREIGN KEY (person_id) REFERENCES networks_actor(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_thread
    ADD CONSTRAINT inbox_thread_queue_id_2fe0f876_fk_inbox_queue_id FOREIGN KEY (queue_id) REFERENCES inbox_queue(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_thread
    ADD CONSTRAINT inbox_thread_team_id_4854d7a2_fk_organisation_team_id FOREIGN KEY (team_id) REFERENCES organisation_team(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_view
    ADD CONSTRAINT inbox_view_brand_id_ab27be79_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY inbox_view
    ADD CONSTRAINT inbox_view_by_id_11d018f8_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY listening_alert
    ADD CONSTRAINT listening_alert_first_id_f41a0087_fk_listening_alert_id FOREIGN KEY (first_id) REFERENCES listening_alert(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY listening_alert
    ADD CONSTRAINT listening_alert_query_id_d4e46816_fk_listening_query_id FOREIGN KEY (query_id) REFERENCES listening_query(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY listening_backtest
    ADD CONSTRAINT listening_backtest_by_id_8607b861_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY listening_backtest
    ADD CONSTRAINT listening_backtest_version_id_71a0dfae_fk_listening_version_id FOREIGN KEY (version_id) REFERENCES listening_version(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY listening_dayrollup
    ADD CONSTRAINT listening_dayrollup_query_id_4b1ac3ad_fk_listening_query_id FOREIGN KEY (query_id) REFERENCES listening_query(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY listening_event
    ADD CONSTRAINT listening_event_brand_id_3d6db0a1_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY listening_event
    ADD CONSTRAINT listening_event_query_id_f7d3f21c_fk_listening_query_id FOREIGN KEY (query_id) REFERENCES listening_query(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY listening_eventtag
    ADD CONSTRAINT listening_eventtag_by_id_46ff2bca_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY listening_eventtag
    ADD CONSTRAINT listening_eventtag_event_id_10d0a73b_fk_listening_event_id FOREIGN KEY (event_id) REFERENCES listening_event(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY listening_exploration
    ADD CONSTRAINT listening_exploratio_brand_id_7279907b_fk_organisat FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY listening_exploration
    ADD CONSTRAINT listening_exploration_by_id_b8acefdd_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY listening_fold
    ADD CONSTRAINT listening_fold_query_id_99d29fad_fk_listening_query_id FOREIGN KEY (query_id) REFERENCES listening_query(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY listening_follower
    ADD CONSTRAINT listening_follower_query_id_74c5e8f7_fk_listening_query_id FOREIGN KEY (query_id) REFERENCES listening_query(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY listening_follower
    ADD CONSTRAINT listening_follower_user_id_65045cc1_fk_organisation_user_id FOREIGN KEY (user_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY listening_judgement
    ADD CONSTRAINT listening_judgement_alert_id_9debdce4_fk_listening_alert_id FOREIGN KEY (alert_id) REFERENCES listening_alert(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY listening_judgement
    ADD CONSTRAINT listening_judgement_by_id_47f59975_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY listening_mention
    ADD CONSTRAINT listening_mention_activity_id_1987b122_fk_networks_activity_id FOREIGN KEY (activity_id) REFERENCES networks_activity(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY listening_mention
    ADD CONSTRAINT listening_mention_query_id_ccd988a8_fk_listening_query_id FOREIGN KEY (query_id) REFERENCES listening_query(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY listening_query
    ADD CONSTRAINT listening_query_brand_id_7f324fb2_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY listening_rollup
    ADD CONSTRAINT listening_rollup_query_id_0e200c11_fk_listening_query_id FOREIGN KEY (query_id) REFERENCES listening_query(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY listening_source
    ADD CONSTRAINT listening_source_brand_id_06befdb0_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY listening_source
    ADD CONSTRAINT listening_source_channel_id_78b40847_fk_networks_channel_id FOREIGN KEY (channel_id) REFERENCES networks_channel(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY listening_storedfile
    ADD CONSTRAINT listening_storedfile_brand_id_07b11452_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY listening_storedmention
    ADD CONSTRAINT listening_storedment_file_id_10fdf324_fk_listening FOREIGN KEY (file_id) REFERENCES listening_storedfile(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY listening_storedmention
    ADD CONSTRAINT listening_storedmention_author_id_45b0cc12_fk_networks_actor_id FOREIGN KEY (author_id) REFERENCES networks_actor(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY listening_storedmention
    ADD CONSTRAINT listening_storedmention_query_id_d69dea47_fk_listening_query_id FOREIGN KEY (query_id) REFERENCES listening_query(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY listening_takeover
    ADD CONSTRAINT listening_takeover_event_id_1db29b45_fk_listening_event_id FOREIGN KEY (event_id) REFERENCES listening_event(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY listening_version
    ADD CONSTRAINT listening_version_by_id_628e8844_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY listening_version
    ADD CONSTRAINT listening_version_query_id_9911090b_fk_listening_query_id FOREIGN KEY (query_id) REFERENCES listening_query(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY listening_watching
    ADD CONSTRAINT listening_watching_query_id_a6b6d346_fk_listening_query_id FOREIGN KEY (query_id) REFERENCES listening_query(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY measurement_peoplefigures
    ADD CONSTRAINT measurement_peoplefi_brand_id_e180742c_fk_organisat FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY measurement_peoplefigures
    ADD CONSTRAINT measurement_peoplefi_by_id_02d8d1fb_fk_organisat FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY mfa_authenticator
    ADD CONSTRAINT mfa_authenticator_user_id_0c3a50c0_fk_organisation_user_id FOREIGN KEY (user_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY networks_accountsnapshot
    ADD CONSTRAINT networks_accountsnap_channel_id_69628c94_fk_networks_ FOREIGN KEY (channel_id) REFERENCES networks_channel(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY networks_activity
    ADD CONSTRAINT networks_activity_actor_id_1f1c089a_fk_networks_actor_id FOREIGN KEY (actor_id) REFERENCES networks_actor(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY networks_attachment
    ADD CONSTRAINT networks_attachment_delivery_id_33f5c94c_fk_networks_ FOREIGN KEY (delivery_id) REFERENCES networks_delivery(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY networks_audience
    ADD CONSTRAINT networks_audience_activity_id_79f46a33_fk_networks_activity_id FOREIGN KEY (activity_id) REFERENCES networks_activity(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY networks_audience
    ADD CONSTRAINT networks_audience_channel_id_188e8ec9_fk_networks_channel_id FOREIGN KEY (channel_id) REFERENCES networks_channel(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY networks_channel
    ADD CONSTRAINT networks_channel_brand_id_8d738481_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY networks_community
    ADD CONSTRAINT networks_community_brand_id_f1aaaa66_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY networks_community_speakers
    ADD CONSTRAINT networks_community_s_community_id_8b136eb9_fk_networks_ FOREIGN KEY (community_id) REFERENCES networks_community(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY networks_community_speakers
    ADD CONSTRAINT networks_community_s_membership_id_3606235e_fk_organisat FOREIGN KEY (membership_id) REFERENCES organisation_membership(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY networks_communitynote
    ADD CONSTRAINT networks_communityno_community_id_a8b03934_fk_networks_ FOREIGN KEY (community_id) REFERENCES networks_community(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY networks_communitynote
    ADD CONSTRAINT networks_communitynote_by_id_e17bb502_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY networks_correction
    ADD CONSTRAINT networks_correction_activity_id_7076cd64_fk_networks_ FOREIGN KEY (activity_id) REFERENCES networks_activity(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY networks_correction
    ADD CONSTRAINT networks_correction_brand_id_ccc8748c_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY networks_correction
    ADD CONSTRAINT networks_correction_by_id_3e6540f6_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY networks_defence
    ADD CONSTRAINT networks_defence_activity_id_464f1fd9_fk_networks_activity_id FOREIGN KEY (activity_id) REFERENCES networks_activity(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY networks_defence
    ADD CONSTRAINT networks_defence_actor_id_b8ec69df_fk_networks_actor_id FOREIGN KEY (actor_id) REFERENCES networks_actor(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY networks_defence
    ADD CONSTRAINT networks_defence_by_id_e85068d0_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY networks_defence
    ADD CONSTRAINT networks_defence_channel_id_948ae2e8_fk_networks_channel_id FOREIGN KEY (channel_id) REFERENCES networks_channel(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY networks_defence
    ADD CONSTRAINT networks_defence_delivery_id_2eccba2d_fk_networks_delivery_id FOREIGN KEY (delivery_id) REFERENCES networks_delivery(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY networks_delivery
    ADD CONSTRAINT networks_delivery_author_id_17fbf1d2_fk_organisation_user_id FOREIGN KEY (author_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY networks_delivery
    ADD CONSTRAINT networks_delivery_channel_id_f150afc5_fk_networks_channel_id FOREIGN KEY (channel_id) REFERENCES networks_channel(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY networks_delivery
    ADD CONSTRAINT networks_delivery_result_id_3eb87f68_fk_networks_activity_id FOREIGN KEY (result_id) REFERENCES networks_activity(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY networks_delivery
    ADD CONSTRAINT networks_delivery_settled_by_id_e09e818a_fk_organisat FOREIGN KEY (settled_by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY networks_delivery
    ADD CONSTRAINT networks_delivery_target_id_7df9eba9_fk_networks_activity_id FOREIGN KEY (target_id) REFERENCES networks_activity(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY networks_erasure
    ADD CONSTRAINT networks_erasure_by_id_2b7c82f4_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY networks_grant
    ADD CONSTRAINT networks_grant_channel_id_9ad49669_fk_networks_channel_id FOREIGN KEY (channel_id) REFERENCES networks_channel(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY networks_hold
    ADD CONSTRAINT networks_hold_brand_id_ea3f7704_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY networks_hold
    ADD CONSTRAINT networks_hold_channel_id_7e4da7e9_fk_networks_channel_id FOREIGN KEY (channel_id) REFERENCES networks_channel(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY networks_hold
    ADD CONSTRAINT networks_hold_lifted_by_id_b7340455_fk_organisation_user_id FOREIGN KEY (lifted_by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY networks_hold
    ADD CONSTRAINT networks_hold_placed_by_id_a70ca861_fk_organisation_user_id FOREIGN KEY (placed_by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY networks_moderation
    ADD CONSTRAINT networks_moderation_activity_id_fd8088a5_fk_networks_ FOREIGN KEY (activity_id) REFERENCES networks_activity(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY networks_moderation
    ADD CONSTRAINT networks_moderation_by_id_376bfd5b_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY networks_moderation
    ADD CONSTRAINT networks_moderation_channel_id_b6924563_fk_networks_channel_id FOREIGN KEY (channel_id) REFERENCES networks_channel(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY networks_moderation
    ADD CONSTRAINT networks_moderation_delivery_id_6ee8e630_fk_networks_ FOREIGN KEY (delivery_id) REFERENCES networks_delivery(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY networks_moderation
    ADD CONSTRAINT networks_moderation_undoes_id_cd50a8ef_fk_networks_ FOREIGN KEY (undoes_id) REFERENCES networks_moderation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY networks_objection
    ADD CONSTRAINT networks_objection_brand_id_a933ceab_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY networks_objection
    ADD CONSTRAINT networks_objection_by_id_db9d5d93_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY networks_setaside
    ADD CONSTRAINT networks_setaside_channel_id_9c3cbddd_fk_networks_channel_id FOREIGN KEY (channel_id) REFERENCES networks_channel(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY networks_snapshot
    ADD CONSTRAINT networks_snapshot_activity_id_14d6bf54_fk_networks_activity_id FOREIGN KEY (activity_id) REFERENCES networks_activity(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_alarm
    ADD CONSTRAINT organisation_alarm_acknowledged_by_id_271e89c1_fk_organisat FOREIGN KEY (acknowledged_by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_alarm
    ADD CONSTRAINT organisation_alarm_brand_id_29dfd8fc_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_alarm
    ADD CONSTRAINT organisation_alarm_by_id_bb8d8242_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_alarmcall
    ADD CONSTRAINT organisation_alarmca_alarm_id_9c6b1111_fk_organisat FOREIGN KEY (alarm_id) REFERENCES organisation_alarm(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_alarmcall
    ADD CONSTRAINT organisation_alarmcall_user_id_473be170_fk_organisation_user_id FOREIGN KEY (user_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_apitoken
    ADD CONSTRAINT organisation_apitoke_brand_id_ea170ead_fk_organisat FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_apitoken
    ADD CONSTRAINT organisation_apitoken_user_id_584a7648_fk_organisation_user_id FOREIGN KEY (user_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_brand
    ADD CONSTRAINT organisation_brand_archived_by_id_1a915af3_fk_organisat FOREIGN KEY (archived_by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_brand
    ADD CONSTRAINT organisation_brand_shielded_by_id_03f8b5c6_fk_organisat FOREIGN KEY (shielded_by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_companydomain
    ADD CONSTRAINT organisation_company_brand_id_85b41431_fk_organisat FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_companydomain
    ADD CONSTRAINT organisation_company_by_id_b816ba67_fk_organisat FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_departure
    ADD CONSTRAINT organisation_departu_brand_id_6125774e_fk_organisat FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_departure
    ADD CONSTRAINT organisation_departure_by_id_7c5bba51_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_departure
    ADD CONSTRAINT organisation_departure_user_id_258a3f8a_fk_organisation_user_id FOREIGN KEY (user_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_device
    ADD CONSTRAINT organisation_device_user_id_81b62dfc_fk_organisation_user_id FOREIGN KEY (user_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_dispatch
    ADD CONSTRAINT organisation_dispatc_reach_id_70a51ee0_fk_organisat FOREIGN KEY (reach_id) REFERENCES organisation_reach(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_hours
    ADD CONSTRAINT organisation_hours_brand_id_73a72a49_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_hours
    ADD CONSTRAINT organisation_hours_changed_by_id_71403db8_fk_organisat FOREIGN KEY (changed_by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_informationpage
    ADD CONSTRAINT organisation_informa_brand_id_593eea40_fk_organisat FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_invitation
    ADD CONSTRAINT organisation_invitat_accepted_by_id_3d0ddca0_fk_organisat FOREIGN KEY (accepted_by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_invitation
    ADD CONSTRAINT organisation_invitat_brand_id_b7c1fc22_fk_organisat FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_invitationlink
    ADD CONSTRAINT organisation_invitat_invitation_id_59b02600_fk_organisat FOREIGN KEY (invitation_id) REFERENCES organisation_invitation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_invitation
    ADD CONSTRAINT organisation_invitat_withdrawn_by_id_6dfafd2a_fk_organisat FOREIGN KEY (withdrawn_by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_invitation
    ADD CONSTRAINT organisation_invitation_by_id_998473cc_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_joinrequest
    ADD CONSTRAINT organisation_joinreq_answered_by_id_7262cb41_fk_organisat FOREIGN KEY (answered_by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_joinrequest
    ADD CONSTRAINT organisation_joinreq_brand_id_8c3a4c50_fk_organisat FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_joinrequest
    ADD CONSTRAINT organisation_joinreq_user_id_8ae28699_fk_organisat FOREIGN KEY (user_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_membership
    ADD CONSTRAINT organisation_members_brand_id_35c1b517_fk_organisat FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_membership
    ADD CONSTRAINT organisation_members_user_id_f6ff1acf_fk_organisat FOREIGN KEY (user_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_notice
    ADD CONSTRAINT organisation_notice_brand_id_0d96e2ad_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_notice
    ADD CONSTRAINT organisation_notice_to_id_1127f5ff_fk_organisation_user_id FOREIGN KEY (to_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_purgerun
    ADD CONSTRAINT organisation_purgeru_brand_id_ddbca458_fk_organisat FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_reach
    ADD CONSTRAINT organisation_reach_notice_id_8bab47fe_fk_organisation_notice_id FOREIGN KEY (notice_id) REFERENCES organisation_notice(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_reach
    ADD CONSTRAINT organisation_reach_user_id_8ee72c5b_fk_organisation_user_id FOREIGN KEY (user_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_retention
    ADD CONSTRAINT organisation_retenti_brand_id_74b18914_fk_organisat FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_secondsteprule
    ADD CONSTRAINT organisation_seconds_brand_id_0a47ebe8_fk_organisat FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_secondsteprule
    ADD CONSTRAINT organisation_seconds_by_id_c93e22d8_fk_organisat FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_session
    ADD CONSTRAINT organisation_session_user_id_803f093d_fk_organisation_user_id FOREIGN KEY (user_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_shift
    ADD CONSTRAINT organisation_shift_brand_id_1fb7fb9b_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_shift
    ADD CONSTRAINT organisation_shift_made_by_id_fa17ee7b_fk_organisation_user_id FOREIGN KEY (made_by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_shift
    ADD CONSTRAINT organisation_shift_user_id_82297ca8_fk_organisation_user_id FOREIGN KEY (user_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_signinlink
    ADD CONSTRAINT organisation_signinl_user_id_61a953b0_fk_organisat FOREIGN KEY (user_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_taste
    ADD CONSTRAINT organisation_taste_user_id_7da44ee5_fk_organisation_user_id FOREIGN KEY (user_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_team
    ADD CONSTRAINT organisation_team_brand_id_7d6804c4_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_teammember
    ADD CONSTRAINT organisation_teammem_team_id_5de7f4ea_fk_organisat FOREIGN KEY (team_id) REFERENCES organisation_team(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_teammember
    ADD CONSTRAINT organisation_teammem_user_id_b159a705_fk_organisat FOREIGN KEY (user_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_webhook
    ADD CONSTRAINT organisation_webhook_brand_id_3204b971_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_webhookattempt
    ADD CONSTRAINT organisation_webhook_call_id_f46e94e3_fk_organisat FOREIGN KEY (call_id) REFERENCES organisation_webhookcall(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_webhook
    ADD CONSTRAINT organisation_webhook_made_by_id_b57614d9_fk_organisat FOREIGN KEY (made_by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY organisation_webhookcall
    ADD CONSTRAINT organisation_webhook_webhook_id_c8b9f006_fk_organisat FOREIGN KEY (webhook_id) REFERENCES organisation_webhook(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY procrastinate_events
    ADD CONSTRAINT procrastinate_events_job_id_fkey FOREIGN KEY (job_id) REFERENCES procrastinate_jobs(id) ON DELETE CASCADE;
ALTER TABLE ONLY procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_worker_id_fkey FOREIGN KEY (worker_id) REFERENCES procrastinate_workers(id) ON DELETE SET NULL;
ALTER TABLE ONLY procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_job_id_fkey FOREIGN KEY (job_id) REFERENCES procrastinate_jobs(id);
ALTER TABLE ONLY publishing_approval
    ADD CONSTRAINT publishing_approval_by_id_c631390e_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_approval
    ADD CONSTRAINT publishing_approval_post_id_b46aafd9_fk_publishing_post_id FOREIGN KEY (post_id) REFERENCES publishing_post(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_approvalstep
    ADD CONSTRAINT publishing_approvals_brand_id_9a20d0a0_fk_organisat FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_asset
    ADD CONSTRAINT publishing_asset_brand_id_a548a5f0_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_asset
    ADD CONSTRAINT publishing_asset_by_id_b917d110_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_calendarfeed
    ADD CONSTRAINT publishing_calendarf_brand_id_e7246667_fk_organisat FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_calendarfeed
    ADD CONSTRAINT publishing_calendarf_user_id_1eac3d4d_fk_organisat FOREIGN KEY (user_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_campaign
    ADD CONSTRAINT publishing_campaign_brand_id_0c00b378_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_click
    ADD CONSTRAINT publishing_click_link_id_2d376345_fk_publishing_shortlink_id FOREIGN KEY (link_id) REFERENCES publishing_shortlink(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_clickcount
    ADD CONSTRAINT publishing_clickcoun_link_id_21b3dd9d_fk_publishin FOREIGN KEY (link_id) REFERENCES publishing_shortlink(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_daynote
    ADD CONSTRAINT publishing_daynote_brand_id_7340d202_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_daynote
    ADD CONSTRAINT publishing_daynote_by_id_cfaa80b1_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_destination
    ADD CONSTRAINT publishing_destinati_channel_id_226bfeb2_fk_networks_ FOREIGN KEY (channel_id) REFERENCES networks_channel(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_destination
    ADD CONSTRAINT publishing_destination_post_id_47fd8970_fk_publishing_post_id FOREIGN KEY (post_id) REFERENCES publishing_post(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_evergreen
    ADD CONSTRAINT publishing_evergreen_by_id_60d50e31_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_evergreen
    ADD CONSTRAINT publishing_evergreen_post_id_0cf0b173_fk_publishing_post_id FOREIGN KEY (post_id) REFERENCES publishing_post(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_foundpiece
    ADD CONSTRAINT publishing_foundpiec_brand_id_47addd66_fk_organisat FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_foundpiece
    ADD CONSTRAINT publishing_foundpiece_by_id_9a71a077_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_illustration
    ADD CONSTRAINT publishing_illustrat_asset_id_a1bdf607_fk_publishin FOREIGN KEY (asset_id) REFERENCES publishing_asset(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_illustration
    ADD CONSTRAINT publishing_illustration_post_id_05bbfe63_fk_publishing_post_id FOREIGN KEY (post_id) REFERENCES publishing_post(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_importedpost
    ADD CONSTRAINT publishing_importedp_brand_id_6cc602d8_fk_organisat FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_importedpost
    ADD CONSTRAINT publishing_importedp_imported_id_4d9d0210_fk_publishin FOREIGN KEY (imported_id) REFERENCES publishing_postimport(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_importedpost
    ADD CONSTRAINT publishing_importedpost_post_id_7e28d143_fk_publishing_post_id FOREIGN KEY (post_id) REFERENCES publishing_post(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_linkrule
    ADD CONSTRAINT publishing_linkrule_brand_id_8aebdb61_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_mentionee
    ADD CONSTRAINT publishing_mentionee_brand_id_6e71a02f_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_ownpage
    ADD CONSTRAINT publishing_ownpage_brand_id_aa88df5b_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_ownpage
    ADD CONSTRAINT publishing_ownpage_channel_id_2af37f92_fk_networks_channel_id FOREIGN KEY (channel_id) REFERENCES networks_channel(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_pageentry
    ADD CONSTRAINT publishing_pageentry_destination_id_22993b7e_fk_publishin FOREIGN KEY (destination_id) REFERENCES publishing_destination(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_pageentry
    ADD CONSTRAINT publishing_pageentry_page_id_d61e5297_fk_publishing_ownpage_id FOREIGN KEY (page_id) REFERENCES publishing_ownpage(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_pagepicture
    ADD CONSTRAINT publishing_pagepictu_entry_id_b6780123_fk_publishin FOREIGN KEY (entry_id) REFERENCES publishing_pageentry(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_pagetext
    ADD CONSTRAINT publishing_pagetext_entry_id_94d68b9a_fk_publishin FOREIGN KEY (entry_id) REFERENCES publishing_pageentry(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_permission
    ADD CONSTRAINT publishing_permissio_delivery_id_32280644_fk_networks_ FOREIGN KEY (delivery_id) REFERENCES networks_delivery(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_permission
    ADD CONSTRAINT publishing_permissio_settled_by_id_960ac507_fk_organisat FOREIGN KEY (settled_by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_permission
    ADD CONSTRAINT publishing_permissio_target_id_e9f33b50_fk_networks_ FOREIGN KEY (target_id) REFERENCES networks_activity(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_permission
    ADD CONSTRAINT publishing_permission_asset_id_4b8e1c7d_fk_publishing_asset_id FOREIGN KEY (asset_id) REFERENCES publishing_asset(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_permission
    ADD CONSTRAINT publishing_permission_by_id_b3eeb2f4_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_permission
    ADD CONSTRAINT publishing_permission_person_id_78eaed7a_fk_networks_actor_id FOREIGN KEY (person_id) REFERENCES networks_actor(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_post
    ADD CONSTRAINT publishing_post_author_id_8991ad37_fk_organisation_user_id FOREIGN KEY (author_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_post
    ADD CONSTRAINT publishing_post_brand_id_a4b56b53_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_post
    ADD CONSTRAINT publishing_post_campaign_id_3a561af8_fk_publishing_campaign_id FOREIGN KEY (campaign_id) REFERENCES publishing_campaign(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_postimport
    ADD CONSTRAINT publishing_postimpor_brand_id_1ca7eb87_fk_organisat FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_postimport
    ADD CONSTRAINT publishing_postimport_by_id_5811c3a5_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_postsegment
    ADD CONSTRAINT publishing_postsegme_segment_id_de0c646c_fk_publishin FOREIGN KEY (segment_id) REFERENCES publishing_segment(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_postsegment
    ADD CONSTRAINT publishing_postsegment_post_id_8331edf3_fk_publishing_post_id FOREIGN KEY (post_id) REFERENCES publishing_post(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_publicholidays
    ADD CONSTRAINT publishing_publichol_brand_id_7225b82d_fk_organisat FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_remark
    ADD CONSTRAINT publishing_remark_by_id_1c0d9ff7_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_remark
    ADD CONSTRAINT publishing_remark_post_id_e710db55_fk_publishing_post_id FOREIGN KEY (post_id) REFERENCES publishing_post(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_repetition
    ADD CONSTRAINT publishing_repetitio_evergreen_id_b0f8bd2a_fk_publishin FOREIGN KEY (evergreen_id) REFERENCES publishing_evergreen(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_repetition
    ADD CONSTRAINT publishing_repetition_post_id_d173f674_fk_publishing_post_id FOREIGN KEY (post_id) REFERENCES publishing_post(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_segment
    ADD CONSTRAINT publishing_segment_brand_id_20ed5f63_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_serving
    ADD CONSTRAINT publishing_serving_channel_id_75361b76_fk_networks_channel_id FOREIGN KEY (channel_id) REFERENCES networks_channel(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_serving
    ADD CONSTRAINT publishing_serving_segment_id_36fa3513_fk_publishing_segment_id FOREIGN KEY (segment_id) REFERENCES publishing_segment(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_sharing
    ADD CONSTRAINT publishing_sharing_piece_id_ea56a2d1_fk_publishin FOREIGN KEY (piece_id) REFERENCES publishing_foundpiece(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_sharing
    ADD CONSTRAINT publishing_sharing_post_id_b127f146_fk_publishing_post_id FOREIGN KEY (post_id) REFERENCES publishing_post(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_shortening
    ADD CONSTRAINT publishing_shortenin_brand_id_68d6dfff_fk_organisat FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_shortlink
    ADD CONSTRAINT publishing_shortlink_brand_id_a95d580d_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_shortlink
    ADD CONSTRAINT publishing_shortlink_by_id_f5d656b3_fk_organisation_user_id FOREIGN KEY (by_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_shortlink
    ADD CONSTRAINT publishing_shortlink_destination_id_4f647984_fk_publishin FOREIGN KEY (destination_id) REFERENCES publishing_destination(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_slot
    ADD CONSTRAINT publishing_slot_channel_id_e2ffb322_fk_networks_channel_id FOREIGN KEY (channel_id) REFERENCES networks_channel(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_step
    ADD CONSTRAINT publishing_step_delivery_id_8989de1a_fk_networks_delivery_id FOREIGN KEY (delivery_id) REFERENCES networks_delivery(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_step
    ADD CONSTRAINT publishing_step_destination_id_f4d2fcc7_fk_publishin FOREIGN KEY (destination_id) REFERENCES publishing_destination(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_timetable
    ADD CONSTRAINT publishing_timetable_channel_id_689babbe_fk_networks_channel_id FOREIGN KEY (channel_id) REFERENCES networks_channel(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_unkept
    ADD CONSTRAINT publishing_unkept_brand_id_06862120_fk_organisation_brand_id FOREIGN KEY (brand_id) REFERENCES organisation_brand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_unkept
    ADD CONSTRAINT publishing_unkept_post_id_d60912a3_fk_publishing_post_id FOREIGN KEY (post_id) REFERENCES publishing_post(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_unkept
    ADD CONSTRAINT publishing_unkept_user_id_18a42ecf_fk_organisation_user_id FOREIGN KEY (user_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_variant
    ADD CONSTRAINT publishing_variant_channel_id_d5d6eecc_fk_networks_channel_id FOREIGN KEY (channel_id) REFERENCES networks_channel(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_variant
    ADD CONSTRAINT publishing_variant_post_id_a85c25b1_fk_publishing_post_id FOREIGN KEY (post_id) REFERENCES publishing_post(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_video
    ADD CONSTRAINT publishing_video_asset_id_9ff87dbe_fk_publishing_asset_id FOREIGN KEY (asset_id) REFERENCES publishing_asset(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY publishing_videopiece
    ADD CONSTRAINT publishing_videopiece_video_id_f69032b6_fk_publishing_video_id FOREIGN KEY (video_id) REFERENCES publishing_video(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY socialaccount_socialtoken
    ADD CONSTRAINT socialaccount_social_account_id_951f210e_fk_socialacc FOREIGN KEY (account_id) REFERENCES socialaccount_socialaccount(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY socialaccount_socialtoken
    ADD CONSTRAINT socialaccount_social_app_id_636a42d7_fk_socialacc FOREIGN KEY (app_id) REFERENCES socialaccount_socialapp(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY socialaccount_socialaccount
    ADD CONSTRAINT socialaccount_social_user_id_8146e70c_fk_organisat FOREIGN KEY (user_id) REFERENCES organisation_user(id) DEFERRABLE INITIALLY DEFERRED;
