-- CreateIndex
CREATE INDEX "relationships_idle_idx" ON "relationships"("revoked_at") WHERE (kind = 'NONE' AND muted_at IS NULL);
