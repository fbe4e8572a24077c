-- Emoji are words now: texts written before are looked through once more.
UPDATE "search_backfill" SET "after_id" = '00000000-0000-0000-0000-000000000000', "done" = false;
