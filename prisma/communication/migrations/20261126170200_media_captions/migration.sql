-- AlterTable
ALTER TABLE "media" ADD COLUMN     "captions" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "captions_revision" INTEGER NOT NULL DEFAULT 0;
