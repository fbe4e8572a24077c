-- MEDIA_STORED: the upload was verified and stored. MEDIA_READY: all variants exist. MEDIA_READY was the name of the
-- first, so the first must get its new name before the second gets MEDIA_READY.
ALTER TYPE "notification_kind" RENAME VALUE 'MEDIA_READY' TO 'MEDIA_STORED';
ALTER TYPE "notification_kind" RENAME VALUE 'MEDIA_PROCESSED' TO 'MEDIA_READY';
