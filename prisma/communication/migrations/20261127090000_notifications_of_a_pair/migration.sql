-- DropIndex
DROP INDEX "notifications_actor_id_idx";

-- CreateIndex
CREATE INDEX "notifications_actor_id_user_id_created_at_idx" ON "notifications"("actor_id", "user_id", "created_at");
