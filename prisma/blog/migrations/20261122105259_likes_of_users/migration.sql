-- CreateIndex
CREATE INDEX "post_like_user_id_idx" ON "post_like"("user_id");

