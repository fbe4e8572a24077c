-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "storage";

-- CreateEnum
CREATE TYPE "upload_state" AS ENUM ('REQUESTED', 'UPLOADING', 'VERIFYING', 'READY', 'REJECTED', 'EXPIRED', 'CANCELLED');

-- CreateEnum
CREATE TYPE "media_kind" AS ENUM ('AUDIO', 'VIDEO', 'IMAGE');

-- CreateEnum
CREATE TYPE "media_state" AS ENUM ('PROCESSING', 'READY', 'FAILED');

-- CreateTable
CREATE TABLE "uploads" (
    "id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "file_name" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "mime_type" TEXT NOT NULL,
    "byte_size" BIGINT,
    "max_bytes" BIGINT NOT NULL,
    "received_bytes" BIGINT NOT NULL DEFAULT 0,
    "sha256" CHAR(64),
    "key_id" TEXT NOT NULL,
    "state" "upload_state" NOT NULL,
    "media_id" UUID,
    "failure_code" TEXT,
    "failure_message" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "uploads_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "media" (
    "id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "upload_id" UUID NOT NULL,
    "kind" "media_kind" NOT NULL,
    "state" "media_state" NOT NULL,
    "title" TEXT NOT NULL,
    "mime_type" TEXT NOT NULL,
    "byte_size" BIGINT NOT NULL,
    "sha256" CHAR(64) NOT NULL,
    "duration_seconds" DOUBLE PRECISION,
    "width" INTEGER,
    "height" INTEGER,
    "is_progressive" BOOLEAN NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "media_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "revocations" (
    "id" UUID NOT NULL,
    "owner_id" UUID,
    "viewer_id" UUID,
    "media_id" UUID,
    "issued_until" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "revocations_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "uploads_media_id_key" ON "uploads"("media_id");

-- CreateIndex
CREATE INDEX "uploads_owner_id_state_idx" ON "uploads"("owner_id", "state");

-- CreateIndex
CREATE INDEX "uploads_state_idx" ON "uploads"("state");

-- CreateIndex
CREATE INDEX "uploads_finished_at_idx" ON "uploads"("finished_at");

-- CreateIndex
CREATE UNIQUE INDEX "media_upload_id_key" ON "media"("upload_id");

-- CreateIndex
CREATE INDEX "media_owner_id_id_idx" ON "media"("owner_id", "id" DESC);

-- CreateIndex
CREATE INDEX "revocations_created_at_idx" ON "revocations"("created_at");

