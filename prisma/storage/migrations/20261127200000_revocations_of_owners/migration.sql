-- CreateIndex
CREATE INDEX "revocations_whole_owner_idx" ON "revocations"("owner_id") WHERE (viewer_id IS NULL AND media_id IS NULL);
