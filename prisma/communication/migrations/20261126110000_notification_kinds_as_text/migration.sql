-- The code lists the kinds of notifications, so that a new kind needs no migration. Text keeps the names of stored ones.
ALTER TABLE "notifications" ALTER COLUMN "kind" TYPE TEXT USING "kind"::text;
DROP TYPE "notification_kind";
