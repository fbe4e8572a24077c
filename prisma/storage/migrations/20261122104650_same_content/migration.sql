-- DropIndex
DROP INDEX "uploads_media_id_key";

-- CreateIndex
CREATE INDEX "media_owner_id_sha256_idx" ON "media"("owner_id", "sha256");

