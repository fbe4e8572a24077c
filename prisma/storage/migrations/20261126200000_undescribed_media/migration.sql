-- Rows that exist get the default without being written, and rows that are inserted later get null.
ALTER TABLE "media" ADD COLUMN     "describe_attempts" SMALLINT DEFAULT 0;
ALTER TABLE "media" ALTER COLUMN "describe_attempts" DROP DEFAULT;

-- CreateIndex
CREATE INDEX "media_undescribed_idx" ON "media"("owner_id", "id") WHERE (describe_attempts IS NOT NULL);
