-- AlterTable
ALTER TABLE "comment" ADD COLUMN     "like_count" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "reply_to_id" UUID;

-- CreateTable
CREATE TABLE "comment_like" (
    "comment_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "comment_like_pkey" PRIMARY KEY ("comment_id","user_id")
);

-- CreateTable
CREATE TABLE "post_view" (
    "post_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "viewed_at" TIMESTAMPTZ(3) NOT NULL,
    "is_named" BOOLEAN NOT NULL,

    CONSTRAINT "post_view_pkey" PRIMARY KEY ("post_id","user_id")
);

-- CreateTable
CREATE TABLE "post_view_total" (
    "post_id" UUID NOT NULL,
    "total" INTEGER NOT NULL,

    CONSTRAINT "post_view_total_pkey" PRIMARY KEY ("post_id")
);

-- CreateTable
CREATE TABLE "read_receipt_opt_out" (
    "user_id" UUID NOT NULL,

    CONSTRAINT "read_receipt_opt_out_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "hidden_post" (
    "user_id" UUID NOT NULL,
    "post_id" UUID NOT NULL,
    "hidden_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "hidden_post_pkey" PRIMARY KEY ("user_id","post_id")
);

-- CreateIndex
CREATE INDEX "comment_like_user_id_idx" ON "comment_like"("user_id");

-- CreateIndex
CREATE INDEX "post_view_named_idx" ON "post_view"("post_id", "viewed_at" DESC, "user_id") WHERE (is_named);

-- CreateIndex
CREATE INDEX "post_view_user_id_idx" ON "post_view"("user_id");

-- CreateIndex
CREATE INDEX "hidden_post_post_id_idx" ON "hidden_post"("post_id");

-- CreateIndex
CREATE INDEX "comment_reply_idx" ON "comment"("reply_to_id", "number") WHERE (reply_to_id IS NOT NULL);

-- AddForeignKey
ALTER TABLE "comment_like" ADD CONSTRAINT "comment_like_comment_id_fkey" FOREIGN KEY ("comment_id") REFERENCES "comment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "post_view" ADD CONSTRAINT "post_view_post_id_fkey" FOREIGN KEY ("post_id") REFERENCES "post"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "post_view_total" ADD CONSTRAINT "post_view_total_post_id_fkey" FOREIGN KEY ("post_id") REFERENCES "post"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "hidden_post" ADD CONSTRAINT "hidden_post_post_id_fkey" FOREIGN KEY ("post_id") REFERENCES "post"("id") ON DELETE CASCADE ON UPDATE CASCADE;


ALTER TABLE "comment" ADD CONSTRAINT "comment_like_count_check" CHECK ("like_count" >= 0);
ALTER TABLE "post_view_total" ADD CONSTRAINT "post_view_total_check" CHECK ("total" >= 0);
