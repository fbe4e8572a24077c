-- AlterTable
ALTER TABLE "notifications" ADD COLUMN     "post_author_id" UUID;

-- CreateIndex
CREATE INDEX "notifications_post_author_idx" ON "notifications"("post_author_id") WHERE (post_author_id IS NOT NULL);
