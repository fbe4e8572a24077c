-- CreateTable
CREATE TABLE "home_feed" (
    "viewer_id" UUID NOT NULL,
    "built_at" TIMESTAMPTZ(3),
    "read_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "home_feed_pkey" PRIMARY KEY ("viewer_id")
);

-- CreateTable
CREATE TABLE "home_feed_item" (
    "viewer_id" UUID NOT NULL,
    "post_id" UUID NOT NULL,
    "author_id" UUID NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "home_feed_item_pkey" PRIMARY KEY ("post_id","viewer_id")
);

-- CreateTable
CREATE TABLE "seen_mark" (
    "viewer_id" UUID NOT NULL,
    "moblog_id" UUID NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL,
    "post_id" UUID NOT NULL,
    "marked_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "seen_mark_pkey" PRIMARY KEY ("viewer_id","moblog_id")
);

-- CreateIndex
CREATE INDEX "home_feed_read_at_idx" ON "home_feed"("read_at");

-- CreateIndex
CREATE INDEX "home_feed_item_viewer_id_published_at_post_id_author_id_idx" ON "home_feed_item"("viewer_id", "published_at" DESC, "post_id" DESC, "author_id");

-- CreateIndex
CREATE INDEX "seen_mark_moblog_id_idx" ON "seen_mark"("moblog_id");

-- AddForeignKey
ALTER TABLE "home_feed_item" ADD CONSTRAINT "home_feed_item_viewer_id_fkey" FOREIGN KEY ("viewer_id") REFERENCES "home_feed"("viewer_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "home_feed_item" ADD CONSTRAINT "home_feed_item_post_id_fkey" FOREIGN KEY ("post_id") REFERENCES "post"("id") ON DELETE CASCADE ON UPDATE CASCADE;
