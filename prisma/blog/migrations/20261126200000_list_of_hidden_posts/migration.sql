-- CreateIndex
CREATE INDEX "hidden_post_user_id_hidden_at_post_id_idx" ON "hidden_post"("user_id", "hidden_at" DESC, "post_id" DESC);
