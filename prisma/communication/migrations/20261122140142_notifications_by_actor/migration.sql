-- CreateIndex
CREATE INDEX "notifications_actor_id_idx" ON "notifications"("actor_id");

