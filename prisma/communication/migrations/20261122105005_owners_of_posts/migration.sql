-- CreateIndex
CREATE INDEX "posts_owner_id_idx" ON "posts"("owner_id");

