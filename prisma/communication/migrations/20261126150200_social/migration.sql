-- AlterTable
ALTER TABLE "relationships" ADD COLUMN     "muted_at" TIMESTAMPTZ(3);

-- CreateIndex
CREATE INDEX "relationships_muted_idx" ON "relationships"("user_id", "muted_at" DESC, "other_id" DESC) WHERE (muted_at IS NOT NULL);
