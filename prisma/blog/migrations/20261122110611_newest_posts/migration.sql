-- CreateIndex
CREATE INDEX "post_published_at_idx" ON "post"("published_at" DESC);

