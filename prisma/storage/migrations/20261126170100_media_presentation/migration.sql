-- AlterTable
ALTER TABLE "media" ADD COLUMN     "alt_text" TEXT,
ADD COLUMN     "captions_revision" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "dominant_color" TEXT,
ADD COLUMN     "placeholder" TEXT,
ADD COLUMN     "waveform" BYTEA;

-- CreateTable
CREATE TABLE "display_images" (
    "media_id" UUID NOT NULL,
    "object_name" TEXT NOT NULL,
    "byte_size" BIGINT NOT NULL,
    "width" INTEGER NOT NULL,
    "height" INTEGER NOT NULL,

    CONSTRAINT "display_images_pkey" PRIMARY KEY ("media_id","object_name")
);

-- CreateTable
CREATE TABLE "captions" (
    "media_id" UUID NOT NULL,
    "language" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "byte_size" INTEGER NOT NULL,
    "version" UUID NOT NULL,

    CONSTRAINT "captions_pkey" PRIMARY KEY ("media_id","language")
);

-- AddForeignKey
ALTER TABLE "display_images" ADD CONSTRAINT "display_images_media_id_fkey" FOREIGN KEY ("media_id") REFERENCES "media"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "captions" ADD CONSTRAINT "captions_media_id_fkey" FOREIGN KEY ("media_id") REFERENCES "media"("id") ON DELETE CASCADE ON UPDATE CASCADE;
