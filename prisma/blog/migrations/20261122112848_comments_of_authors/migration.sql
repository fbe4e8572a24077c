-- CreateIndex
CREATE INDEX "comment_post_id_author_id_idx" ON "comment"("post_id", "author_id");

