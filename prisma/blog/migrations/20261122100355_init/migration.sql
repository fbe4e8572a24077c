-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "blog";

-- CreateEnum
CREATE TYPE "audience" AS ENUM ('PUBLIC', 'FRIENDS', 'ONLY_ME');

-- CreateEnum
CREATE TYPE "post_state" AS ENUM ('PENDING', 'PUBLISHED', 'DELETED');

-- CreateTable
CREATE TABLE "moblog" (
    "id" UUID NOT NULL,
    "title" TEXT NOT NULL DEFAULT '',
    "about" TEXT,

    CONSTRAINT "moblog_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "post" (
    "id" UUID NOT NULL,
    "moblog_id" UUID NOT NULL,
    "state" "post_state" NOT NULL DEFAULT 'PENDING',
    "audience" "audience" NOT NULL,
    "text" TEXT NOT NULL,
    "media_ids" UUID[],
    "published_at" TIMESTAMPTZ(3),
    "like_count" INTEGER NOT NULL DEFAULT 0,
    "client_mutation_id" TEXT,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "told_revision" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "post_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "post_like" (
    "post_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "post_like_pkey" PRIMARY KEY ("post_id","user_id")
);

-- CreateTable
CREATE TABLE "page_revocation" (
    "owner_id" UUID NOT NULL,
    "viewer_id" UUID NOT NULL,
    "issued_until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "page_revocation_pkey" PRIMARY KEY ("owner_id","viewer_id")
);

-- CreateIndex
CREATE INDEX "post_moblog_id_audience_published_at_id_idx" ON "post"("moblog_id", "audience", "published_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "post_untold_idx" ON "post"("created_at") WHERE (told_revision < revision);

-- CreateIndex
CREATE INDEX "post_deleted_idx" ON "post"("created_at") WHERE (state = 'DELETED');

-- CreateIndex
CREATE UNIQUE INDEX "post_moblog_id_client_mutation_id_key" ON "post"("moblog_id", "client_mutation_id");

-- CreateIndex
CREATE INDEX "page_revocation_issued_until_idx" ON "page_revocation"("issued_until");

-- AddForeignKey
ALTER TABLE "post" ADD CONSTRAINT "post_moblog_id_fkey" FOREIGN KEY ("moblog_id") REFERENCES "moblog"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "post_like" ADD CONSTRAINT "post_like_post_id_fkey" FOREIGN KEY ("post_id") REFERENCES "post"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- A post has its place in the order of its moblog exactly while it is published.
ALTER TABLE "post" ADD CONSTRAINT "post_published_at_check" CHECK (("state" = 'PUBLISHED') = ("published_at" IS NOT NULL));
ALTER TABLE "post" ADD CONSTRAINT "post_like_count_check" CHECK ("like_count" >= 0);
