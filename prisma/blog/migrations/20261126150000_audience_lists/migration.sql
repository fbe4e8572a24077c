-- Audience lists and expiring posts. Values of an enum cannot be used in the transaction that adds them, hence the text.
ALTER TYPE "audience" ADD VALUE 'ONLY_LIST';
ALTER TYPE "audience" ADD VALUE 'EXCEPT_LIST';

ALTER TABLE "post" ADD COLUMN     "audience_list_id" UUID,
ADD COLUMN     "expires_at" TIMESTAMPTZ(3);
ALTER TABLE "post" ADD CONSTRAINT "post_audience_list_check"
  CHECK (("audience"::text IN ('ONLY_LIST', 'EXCEPT_LIST')) = ("audience_list_id" IS NOT NULL));

DROP INDEX "post_moblog_id_audience_published_at_id_idx";
CREATE INDEX "post_moblog_id_audience_published_at_id_expires_at_idx" ON "post"("moblog_id", "audience", "published_at" DESC, "id" DESC, "expires_at");
CREATE INDEX "post_list_idx" ON "post"("moblog_id", "audience", "audience_list_id", "published_at" DESC, "id" DESC, "expires_at") WHERE (audience_list_id IS NOT NULL);
CREATE INDEX "post_any_list_idx" ON "post"("moblog_id", "published_at" DESC, "id" DESC) WHERE (audience_list_id IS NOT NULL);
CREATE INDEX "post_expiring_idx" ON "post"("expires_at") WHERE (expires_at IS NOT NULL AND published_at IS NOT NULL);
