-- Hashtags may have middle dots inside. A background job finds the hashtags of older posts again.
UPDATE "search_backfill" SET "after_id" = '00000000-0000-0000-0000-000000000000', "done" = NOT EXISTS (SELECT FROM "post")
WHERE "name" = 'post';
