-- CreateEnum
CREATE TYPE "rendition_role" AS ENUM ('PROGRESSIVE', 'STREAM', 'POSTER', 'SHARED');

-- AlterTable
ALTER TABLE "media" ADD COLUMN     "attempts" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "is_private" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "processing_percent" INTEGER;

-- CreateTable
CREATE TABLE "renditions" (
    "medium_id" UUID NOT NULL,
    "role" "rendition_role" NOT NULL,
    "object_name" TEXT NOT NULL,
    "mime_type" TEXT NOT NULL,
    "byte_size" BIGINT NOT NULL,
    "width" INTEGER,
    "height" INTEGER,

    CONSTRAINT "renditions_pkey" PRIMARY KEY ("medium_id","role")
);

-- CreateTable
CREATE TABLE "playlists" (
    "medium_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "is_complete" BOOLEAN NOT NULL,

    CONSTRAINT "playlists_pkey" PRIMARY KEY ("medium_id","name")
);

-- AddForeignKey
ALTER TABLE "renditions" ADD CONSTRAINT "renditions_medium_id_fkey" FOREIGN KEY ("medium_id") REFERENCES "media"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "playlists" ADD CONSTRAINT "playlists_medium_id_fkey" FOREIGN KEY ("medium_id") REFERENCES "media"("id") ON DELETE CASCADE ON UPDATE CASCADE;

